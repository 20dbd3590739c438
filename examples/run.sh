#!/bin/sh
# Installs what is missing, builds perfmodel and runs its main job on this machine: measures layers in three phases, trains
# ResPerfNet, evaluates whole networks. The last line is one JSON object. Interrupted, it goes on where it ended; what is
# measured and trained already is kept.
# usage: examples/run.sh [--framework eager|optimized] [--layers N] [--seed N] [--output FOLDER]
#
# With --all-networks it measures the main job's layers, then N layers of the kinds that networks with branches and attention
# have (--more-layers N), trains the default learner on both, and evaluates all built-in networks at batch 1 and 4.
# usage: examples/run.sh --all-networks [--more-layers N] [the options above]
set -eu
cd "$(dirname "$0")/.."
. cmake/build.sh

framework=eager
layers=2050 # a few may fail
more_layers=1600
seed=0
output=
all_networks=false
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      sed -n '2,9s/^# \{0,1\}//p' examples/run.sh
      exit 0
      ;;
    --all-networks)
      all_networks=true
      shift
      ;;
    --framework | --layers | --more-layers | --seed | --output)
      if [ $# -lt 2 ]; then
        echo "examples/run.sh: $1 needs a value" >&2
        exit 2
      fi
      case "$1" in
        --framework) framework=$2 ;;
        --layers) layers=$2 ;;
        --more-layers) more_layers=$2 ;;
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
tool=build/dev/examples/perfmodel_layers/perfmodel-layers

# measure NAME COUNT [OPTION...]: a campaign of COUNT layers in the files NAME.db and NAME.csv.
measure() {
  name=$1
  count=$2
  shift 2
  echo "== measuring $count layers ($framework), rows go to $output/$name.db"
  "$tool" measure --output "$output/$name.db" --csv "$output/$name.csv" --framework "$framework" --layers "$count" \
    --seed "$seed" --max-flops 4e9 --max-layer-seconds 0.2 --max-retry-seconds 40 "$@"
}

# is_trained PREDICTOR NAME...: whether it is newer than the campaigns of these names.
# "measure" leaves a campaign's CSV as it is unless it measured something new.
is_trained() {
  predictor=$1
  shift
  for name in "$@"; do
    [ -n "$(find "$output" -name "$predictor" -newer "$output/$name.csv")" ] || return 1
  done
  echo "== $output/$predictor was trained on these layers already"
}

# train PREDICTOR REPORT PICTURE OPTION...: with the options --learner and --data.
train() {
  predictor=$1
  report=$2
  picture=$3
  shift 3
  echo "== training, the predictor goes to $output/$predictor"
  "$tool" train "$@" --model "$output/$predictor" --seed "$seed" --threads "$(nproc)" \
    --report "$output/$report" --plot "$output/$picture"
}

# The main job, on the machine that this runs on.
main_job() {
  measure layers "$layers"
  is_trained predictor.safetensors layers ||
    train predictor.safetensors train.json held_out_layers.svg --learner resperfnet --data "$output/layers.db"
  echo "== evaluating networks, the picture goes to $output/networks.svg"
  "$tool" evaluate --model "$output/predictor.safetensors" --plot "$output/networks.svg"
}

# Convolutions, here mostly depthwise or in groups, dense layers over tokens and matrix products are more to learn than what
# memory bounds, whose costs some dozen layers tell.
all_networks_job() {
  measure layers "$layers"
  measure more_layers "$more_layers" --kinds conv2d,conv2d,conv2d,dense,dense,matmul,matmul,batch_norm2d,layer_norm,add,\
concat,activation,global_pool2d,softmax
  is_trained all_networks.safetensors layers more_layers ||
    train all_networks.safetensors all_networks_train.json all_networks_held_out_layers.svg --learner layer_blend \
      --data "$output/layers.db" --data "$output/more_layers.db"
  echo "== evaluating all networks, the picture goes to $output/all_networks.svg"
  "$tool" evaluate --model "$output/all_networks.safetensors" --plot "$output/all_networks.svg" --batches 1,4 \
    --networks lenet,alexnet,vgg16,cifarnet,resnet18,resnet50,mobilenetv2,squeezenet,transformer_encoder
}

set_up_and_build perfmodel-layers
mkdir -p "$output"
if $all_networks; then
  all_networks_job
else
  main_job
fi
