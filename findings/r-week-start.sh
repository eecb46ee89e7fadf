#!/usr/bin/env bash
# R 4.2.2, lubridate 1.9.2, xts 0.13.0: "week" is three weeks, and two neighbours differ by a day's run.
#
# Guess: cut(day, "week") of base R, floor_date(day, "week") of lubridate and apply.weekly() of xts
#        count the same days, Monday to Sunday as isoweek() does, so weekly kilometres agree.
# Saw:   14 days with a long run of 20 km on each Sunday: cut and xts 50 and 50; floor_date begins on
#        Sunday: 30, 50 and 20. xts names a week by its last day, the others by the first. week() is
#        another one still: it counts sevens from 1 January and changes on a Thursday here.
# Ours:  loadmon's weeks begin on Monday: floor_date needs week_start = 1 before comparing.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq -o APT::Sandbox::User=root r-base-core=4.2.2.20221110-2 libblas3 liblapack3 \
    libgfortran5 libgomp1 libreadline8 libpcre2-8-0 libicu72 libtirpc3 r-cran-lattice r-cran-zoo=1.8-11-1 \
    r-cran-xts=0.13.0-1 r-cran-lubridate=1.9.2+dfsg-1 r-cran-timechange r-cran-generics
for package in ./*.deb; do dpkg -x "$package" root; done
export R_HOME=$work/root/usr/lib/R R_LIBS=$work/root/usr/lib/R/site-library EDITOR=vi PAGER=cat TZ=UTC LC_ALL=C
rm "$R_HOME/etc/Renviron"
mv "$R_HOME/etc/Renviron.ucf" "$R_HOME/etc/Renviron"
lib=$(echo "$work"/root/usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH=$R_HOME/lib:$lib:$lib/blas:$lib/lapack
cat >look.R <<'R'
suppressMessages({
  library(lubridate)
  library(xts)
})
day <- as.Date("2026-11-23") + 0:13 # Monday to Sunday, twice
km <- rep(c(5, 5, 5, 5, 5, 5, 20), 2)
show <- function(what, weeks) writeLines(paste(what, paste(names(weeks), weeks, sep = ": ", collapse = ", ")))
show("cut", tapply(km, cut(day, "week"), sum))
show("floor_date", tapply(km, as.character(floor_date(day, "week")), sum))
xts_weeks <- apply.weekly(xts(km, day), sum)
show("apply.weekly", setNames(as.numeric(xts_weeks), as.character(index(xts_weeks))))
first <- function(week) unique(weekdays(day[which(diff(week) != 0) + 1]))
writeLines(paste("isoweek changes on", first(isoweek(day)), "and week on", first(week(day))))
R
run() { "$R_HOME/bin/exec/R" --vanilla --no-echo "$@"; }
run -e 'for (p in c("lubridate", "xts")) writeLines(paste(p, packageVersion(p)))'
run -f look.R | tee seen
diff seen - <<'TEXT'
cut 2026-11-23: 50, 2026-11-30: 50
floor_date 2026-11-22: 30, 2026-11-29: 50, 2026-12-06: 20
apply.weekly 2026-11-29: 50, 2026-12-06: 50
isoweek changes on Monday and week on Thursday
TEXT
