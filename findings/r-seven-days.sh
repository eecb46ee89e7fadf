#!/usr/bin/env bash
# zoo 1.8.11, RcppRoll 0.3.0: a mean of seven days knows the long run three days before it.
#
# Guess: rollmean(km, 7) and roll_mean(km, 7) are of the last seven days, as an acute load is, and as
#        frollmean (data.table), slide_dbl (slider) and runMean (TTR) are.
# Saw:   with 5 km a day and 30 km on Sunday the mean of zoo and RcppRoll rises on Thursday: the window
#        is centred. data.table, slider and TTR rise on Sunday.
# Ours:  a ratio made with the first two warns before the run and no longer after it; pass
#        align = "right".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq -o APT::Sandbox::User=root r-base-core=4.2.2.20221110-2 libblas3 liblapack3 \
    libgfortran5 libgomp1 libreadline8 libpcre2-8-0 libicu72 libtirpc3 r-cran-lattice r-cran-zoo=1.8-11-1 \
    r-cran-rcpproll=0.3.0-2 r-cran-rcpp r-cran-ttr r-cran-xts \
    r-cran-curl r-cran-data.table=1.14.8+dfsg-1 r-cran-slider r-cran-vctrs r-cran-rlang r-cran-warp r-cran-lifecycle r-cran-cli r-cran-glue
for package in ./*.deb; do dpkg -x "$package" root; done
export R_HOME=$work/root/usr/lib/R R_LIBS=$work/root/usr/lib/R/site-library EDITOR=vi PAGER=cat TZ=UTC LC_ALL=C
rm "$R_HOME/etc/Renviron"
mv "$R_HOME/etc/Renviron.ucf" "$R_HOME/etc/Renviron"
lib=$(echo "$work"/root/usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH=$R_HOME/lib:$lib:$lib/blas:$lib/lapack
cat >look.R <<'R'
suppressMessages({
  library(data.table)
  library(RcppRoll)
  library(slider)
  library(TTR)
  library(zoo)
})
day <- as.Date("2026-11-16") + 0:20 # Monday to Sunday, three times
km <- replace(rep(5, 21), 14, 30) # 30 km on the second Sunday
show <- function(what, mean) writeLines(paste(what, weekdays(day[which(mean > 5)[1]]), "to", weekdays(day[max(which(mean > 5))])))
show("zoo::rollmean rises", rollmean(km, 7, fill = NA))
show("RcppRoll::roll_mean rises", roll_mean(km, 7, fill = NA))
show("data.table::frollmean rises", frollmean(km, 7))
show("slider::slide_dbl rises", slide_dbl(km, mean, .before = 6))
show("TTR::runMean rises", runMean(km, 7))
R
run() { "$R_HOME/bin/exec/R" --vanilla --no-echo "$@"; }
run -e 'for (p in c("zoo", "RcppRoll", "data.table", "slider", "TTR")) writeLines(paste(p, packageVersion(p)))'
run -f look.R | tee seen
diff seen - <<'TEXT'
zoo::rollmean rises Thursday to Wednesday
RcppRoll::roll_mean rises Thursday to Wednesday
data.table::frollmean rises Sunday to Saturday
slider::slide_dbl rises Sunday to Saturday
TTR::runMean rises Sunday to Saturday
TEXT
