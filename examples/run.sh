#!/bin/sh
# Installs what is missing, builds perfmodel and runs its main job on this machine: measures layers in three phases, trains
# ResPerfNet, evaluates whole networks. The last line is one JSON object. Interrupted, it goes on where it ended; what is
# measured and trained already is kept.
# usage: examples/run.sh [--framework eager|optimized] [--layers N] [--seed N] [--output FOLDER]
set -eu
cd "$(dirname "$0")/.."
. cmake/build.sh

framework=eager
layers=2050 # a few may fail
seed=0
output=
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      sed -n '2,5s/^# //p' examples/run.sh
      exit 0
      ;;
    --framework | --layers | --seed | --output)
      if [ $# -lt 2 ]; then
        echo "examples/run.sh: $1 needs a value" >&2
        exit 2
      fi
      case "$1" in
        --framework) framework=$2 ;;
        --layers) layers=$2 ;;
        --seed) seed=$2 ;;
        --output) output=$2 ;;
      esac
      shift 2
      ;;
    *)
      echo "examples/run.sh: unknown option '$1'; see --help" >&2
      exit 2
      ;;
  esac
done

output=${output:-out/$framework}

# The main job, on the machine that this runs on.
main_job() {
  tool=build/dev/examples/perfmodel_layers/perfmodel-layers
  mkdir -p "$output"
  echo "== measuring $layers layers ($framework), rows go to $output/layers.db"
  "$tool" measure --output "$output/layers.db" --csv "$output/layers.csv" --framework "$framework" --layers "$layers" \
    --seed "$seed" --max-flops 4e9 --max-layer-seconds 0.2 --max-retry-seconds 40
  # "measure" leaves the CSV as it is unless it measured something new.
  if [ -n "$(find "$output" -name predictor.safetensors -newer "$output/layers.csv")" ]; then
    echo "== $output/predictor.safetensors was trained on these layers already"
  else
    echo "== training, the predictor goes to $output/predictor.safetensors"
    "$tool" train --learner resperfnet --data "$output/layers.db" --model "$output/predictor.safetensors" --seed "$seed" \
      --threads "$(nproc)" --report "$output/train.json" --plot "$output/held_out_layers.svg"
  fi
  echo "== evaluating networks, the picture goes to $output/networks.svg"
  "$tool" evaluate --model "$output/predictor.safetensors" --plot "$output/networks.svg"
}

set_up_and_build perfmodel-layers
main_job
