/**
 * The C API of perfmodel_train: the learners that fit through LibTorch and XGBoost. The rules are those of
 * perfmodel_c.h.
 */
#ifndef PERFMODEL_TRAIN_C_H
#define PERFMODEL_TRAIN_C_H

#include "perfmodel_c.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Adds the learners of this library ("layer_blend", "blend", "few_layers", "resperfnet", "perfnet", "mlp", "xgboost")
 * to those of perfmodel_c, also ones that this build lacks: to fit with such a one is UNSUPPORTED. Nothing happens at
 * load time, so call it once before fitting; again does no harm.
 * @since 0.1
 */
PERFMODEL_C_API perfmodel_status perfmodel_train_register_learners(void) PERFMODEL_C_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
