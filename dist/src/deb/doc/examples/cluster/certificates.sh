#!/bin/sh
# certificates.sh CLUSTER NODE...: an authority, and for each node NODE.key and NODE.crt. All have the cluster's name in common,
# which is what nodes know each other by; the authority should sign for nothing else.
set -eu
cluster=$1
shift
umask 077
[ -e ca.key ] || openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj "/CN=$cluster nodes" -keyout ca.key -out ca.crt
for node; do
  openssl req -newkey rsa:3072 -nodes -subj "/CN=$node" -keyout "$node.key" -out "$node.csr"
  printf 'subjectAltName=DNS:%s,DNS:%s\n' "$cluster" "$node" >"$node.ext"
  openssl x509 -req -in "$node.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 730 -extfile "$node.ext" -out "$node.crt"
  rm "$node.csr" "$node.ext"
done
