# Makes the CSV files here: what R's step() chooses on a measured table. Not run by the tests.
#
# usage: Rscript step_tx2.R TABLE COLUMN raw|log > COLUMN_raw.csv
#
# TABLE is opml19_tx2/tx2_xception_400.csv of the measured data sets. The target is COLUMN or its logarithm, the options are
# standardised. step() starts with an intercept, goes in both directions by AIC, and may use products of any options.
# The files here were made with R 4.2.2.
arguments <- commandArgs(trailingOnly = TRUE)
table <- read.csv(arguments[1])
names <- c("core1_status", "core2_status", "core3_status", "core_freq_khz", "gpu_freq_hz", "emc_freq_hz")
data <- as.data.frame(scale(table[names]) * sqrt(nrow(table) / (nrow(table) - 1)))  # deviations that divide by n
target <- table[[arguments[2]]]
data$target <- if (arguments[3] == "log") log(target) else target

scope <- as.formula(paste0("~ (", paste(names, collapse = " + "), ")^", length(names)))
fit <- step(lm(target ~ 1, data), scope = list(lower = ~1, upper = scope), direction = "both", trace = 0)

coefficients <- summary(fit)$coefficients
cat("term,coefficient,p_value\n")
for (term in rownames(coefficients)) {
  cat(sprintf("%s,%.15g,%.15g\n", term, coefficients[term, 1], coefficients[term, 4]))
}
cat(sprintf("aic,%.15g,\n", extractAIC(fit)[2]))
cat(sprintf("residual_sum_of_squares,%.15g,\n", sum(residuals(fit)^2)))
