#!/bin/sh
# Starts mongod once the member's own name leads to this pod.
#
# mongod looks for itself among the members of its replica set once, by name, when it starts. The cluster's DNS
# may answer with the address of the pod before for half a minute. Then mongod finds itself nowhere, is REMOVED
# ("No host described in new configuration") and does not ask again.
set -eu
name=$POD_NAME.mongodb

# Every address that the name has is one of ours. `getent` asks as mongod does, for IPv4 and IPv6.
leads_here() {
  addresses=$(getent ahosts "$name" | cut -d' ' -f1 | sort -u | tr '\n' ' ')
  [ -n "$addresses" ] || return 1
  for address in $addresses; do
    case ",$POD_IPS," in *",$address,"*) ;; *) return 1 ;; esac
  done
}

until leads_here; do
  echo "$name leads to ${addresses:-nobody }and not to $POD_IPS alone yet"
  sleep 1
done

# mongod refuses a key file that its group can read, and a volume's files are the group's.
install -m 400 /secret/keyfile /run/mongodb/keyfile
# mongod uses IPv6 only if it is told to.
case $POD_IPS in *:*) set -- --ipv6 ;; *) set -- ;; esac
exec mongod --config /etc/mongodb/mongod.conf "$@"
