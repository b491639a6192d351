#!/bin/sh
# Joins the styles of the parts to one file, in the order of styles.txt. Later rules win, so what depends on the size of the
# screen comes behind what it changes. trunk runs this before each build.
set -eu
cd "$(dirname "$0")"
mkdir -p ../target
while read -r part; do cat "$part"; done < styles.txt > ../target/hiroba.css
