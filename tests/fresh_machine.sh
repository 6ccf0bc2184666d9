#!/bin/sh
# Prove `make demo` and `make test` in a bare Debian or Ubuntu: nothing there but Python with venv, make, git and certificates.
#
#   tests/fresh_machine.sh [SUITE]      as root, with debootstrap; SUITE is this machine's own unless given; KEEP=1 keeps the folder
#
# What is tried is HEAD, in a clone. Mirrors, proxies, registries and certificates are those of this machine, asked for at run time. All mounts
# live in a namespace of their own and are gone when the script ends, however it ends.
set -eu

checkout=$(cd "$(dirname "$0")/.." && pwd)
packages=python3,python3-venv,make,git,ca-certificates
handed_over='http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE NODE_EXTRA_CA_CERTS
    PIP_INDEX_URL PIP_TRUSTED_HOST PIP_CERT PIP_DEFAULT_TIMEOUT npm_config_registry npm_config_cafile'

main() {
    suite=${1:-$(. /etc/os-release && echo "$VERSION_CODENAME")}
    machine=$(mktemp -d)
    trap 'leave "$machine"' EXIT
    trap 'exit 130' INT TERM
    echo "== $suite in $machine"
    debootstrap --variant=minbase --include="$packages" "$suite" "$machine" "$(mirror "$suite")" >"$machine.log" 2>&1 \
        || { tail -n 20 "$machine.log"; exit 1; }
    chmod 755 "$machine"
    hand_over "$machine"
    clone "$machine"
    unshare --mount --propagation private sh "$0" --inside "$machine"
}

# The mirror that this machine's own package manager uses for the suite, else the first it uses at all.
mirror() {
    apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' | sort -u >"$machine.mirrors"
    awk -v suite="$1" '$1 == suite { print $2; found = 1; exit } END { exit !found }' "$machine.mirrors" || awk '{ print $2; exit }' "$machine.mirrors"
}

# How names, certificates, packages and registries are found here is how they are found there; no file with a login in it is copied.
hand_over() {
    cp -L /etc/resolv.conf "$1/etc/resolv.conf"
    apt-config dump Acquire >"$1/etc/apt/apt.conf.d/90handed-over"
    find /usr/local/share/ca-certificates -name '*.crt' -exec cp {} "$1/usr/local/share/ca-certificates/" \; 2>/dev/null || true
    chroot "$1" update-ca-certificates >/dev/null 2>&1
    : "${PIP_INDEX_URL:=$(python3 -m pip config get global.index-url 2>/dev/null || true)}"
    : "${npm_config_registry:=$(npm config get registry 2>/dev/null || true)}"
    for name in $handed_over; do
        value=$(eval "printf '%s' \"\${$name:-}\"")
        [ -z "$value" ] || printf "export %s='%s'\n" "$name" "$value"
    done >"$1/etc/profile.d/handed-over.sh"
}

clone() {
    chroot "$1" useradd --create-home --shell /bin/bash editor
    for home in home/editor root; do
        git clone --quiet --no-local "$checkout" "$1/$home/enews"
    done
    chroot "$1" sh -c 'chown -R editor: ~editor/enews'
}

# Runs in the mount namespace: what is mounted here is seen by nobody else.
inside() {
    mount --rbind /dev "$1/dev"
    mount --rbind /proc "$1/proc"
    try "$1" editor 'make demo'
    try "$1" editor 'make test'
    try "$1" root 'CI=true .ci/run'
}

# A login shell: nothing of this machine's environment but what was handed over.
try() {
    echo "== $2: $3"
    begun=$(date +%s)
    status=0
    chroot "$1" env -i TERM=dumb su - "$2" -c "cd enews && $3" >"$1.out" 2>&1 </dev/null || status=$?
    tail -n "${LINES_SHOWN:-25}" "$1.out"
    echo "== $2: $3: exit $status after $(($(date +%s) - begun)) s"
    [ "$status" = 0 ] || failed=1
}

leave() {
    rm -f "$1.log" "$1.mirrors" "$1.out"
    if [ -n "${KEEP:-}" ]; then echo "kept: $1"; else rm -rf --one-file-system "$1"; fi
}

failed=0
case ${1:-} in
    --inside) inside "$2"; exit "$failed" ;;
    *) main "$@" ;;
esac
