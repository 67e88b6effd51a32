#!/usr/bin/env bash
# Compiles requirements/*.txt from pyproject.toml: every version and hash pinned, no index named.
set -euo pipefail
cd "$(dirname "$0")/.."
compile=("${1:-uv}" pip compile --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --universal --python-version 3.11 --quiet)
"${compile[@]}" pyproject.toml -o requirements/base.txt
"${compile[@]}" pyproject.toml --extra speech --extra pico --extra twilio --extra webrtc --extra postgres --extra push requirements/build.in -o requirements/run.txt
"${compile[@]}" pyproject.toml --extra speech --extra pico --extra twilio --extra webrtc --extra postgres --extra push --extra dev requirements/build.in -o requirements/dev.txt
"${compile[@]}" --no-deps requirements/models.in -o requirements/models.txt
"${compile[@]}" requirements/uv.in -o requirements/uv.txt
"${compile[@]}" requirements/bench.in -o requirements/bench.txt
