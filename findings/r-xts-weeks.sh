#!/usr/bin/env bash
# xts 0.13.0: days are the runner's, weeks are those of UTC.
#
# Guess: apply.daily() and apply.weekly() of runs in Pacific/Auckland go by one calendar: a run on Monday
#        at 7 is of the day Monday and of the week that begins on it.
# Saw:   apply.daily has it on Monday; apply.weekly in the week before, with Sunday's, since it is still
#        Sunday in UTC until Monday noon: 18 and 6 km for 8 and 16. cut(time, "week") gives 8 and 16.
# Ours:  every Monday morning of a runner east of Greenwich is in the wrong week; make days first, then
#        weeks of days.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq -o APT::Sandbox::User=root r-base-core=4.2.2.20221110-2 libblas3 liblapack3 \
    libgfortran5 libgomp1 libreadline8 libpcre2-8-0 libicu72 libtirpc3 r-cran-lattice r-cran-zoo=1.8-11-1 \
    r-cran-xts=0.13.0-1
for package in ./*.deb; do dpkg -x "$package" root; done
export R_HOME=$work/root/usr/lib/R R_LIBS=$work/root/usr/lib/R/site-library EDITOR=vi PAGER=cat TZ=UTC LC_ALL=C
rm "$R_HOME/etc/Renviron"
mv "$R_HOME/etc/Renviron.ucf" "$R_HOME/etc/Renviron"
lib=$(echo "$work"/root/usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH=$R_HOME/lib:$lib:$lib/blas:$lib/lapack
cat >look.R <<'R'
suppressMessages(library(xts))
options(xts_check_TZ = FALSE)
time <- as.POSIXct(c("2026-06-07 09:00", "2026-06-08 07:00", "2026-06-10 07:00"), tz = "Pacific/Auckland")
km <- c(8, 10, 6) # Sunday, Monday, Wednesday
runs <- xts(km, time)
show <- function(what, sums, when) writeLines(paste(what, paste(format(when, "%a"), sums, collapse = ", ")))
daily <- apply.daily(runs, sum)
weekly <- apply.weekly(runs, sum)
show("apply.daily, sums to the last run of the day:", as.numeric(daily), index(daily))
show("apply.weekly, sums to the last run of the week:", as.numeric(weekly), index(weekly))
weeks <- tapply(km, cut(time, "week"), sum)
writeLines(paste("cut, weeks by their first day:", paste(names(weeks), weeks, collapse = ", ")))
by_day <- apply.weekly(xts(km, as.Date(format(time))), sum)
show("apply.weekly of days:", as.numeric(by_day), index(by_day))
R
run() { "$R_HOME/bin/exec/R" --vanilla --no-echo "$@"; }
run -e 'for (p in c("xts")) writeLines(paste(p, packageVersion(p)))'
run -f look.R | tee seen
diff seen - <<'TEXT'
apply.daily, sums to the last run of the day: Sun 8, Mon 10, Wed 6
apply.weekly, sums to the last run of the week: Mon 18, Wed 6
cut, weeks by their first day: 2026-06-01 8, 2026-06-08 16
apply.weekly of days: Sun 8, Wed 16
TEXT
