#!/bin/bash
# What the tests need of the system besides Python and Node: a mail server and a browser. Installs what is missing on
# Debian and its relatives, and says what to install anywhere else.
set -u
PATH="$PATH:/usr/sbin:/usr/local/sbin"
packages=()
command -v dovecot >/dev/null || packages+=(dovecot-imapd)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || packages+=(chromium)
[ ${#packages[@]} -eq 0 ] && exit 0

tell() {
  echo "Faltan para las pruebas: ${packages[*]}. $1" >&2
  exit 1
}

command -v apt-get >/dev/null || tell "Instálelos con el gestor de paquetes de su sistema (Dovecot con IMAP; Chromium) y repita."
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || tell "Como administrador: apt-get install ${packages[*]}"
  as_root=(sudo)
fi
echo "· Instalando para las pruebas: ${packages[*]}"
# A server that a package starts by itself is not wanted here: the tests start their own.
install() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -qq -y --no-install-recommends "${packages[@]}" >/dev/null
}
install || { "${as_root[@]}" apt-get update -qq && install; } || tell "apt-get no pudo instalarlos; pruebe: apt-get install ${packages[*]}"
