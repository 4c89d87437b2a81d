#!/bin/sh
# Buys a ticket from whatever answers at an address: `infra/smoke.sh http://localhost:3000`
set -eu
url=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
now=$(date +%s)

# api WHO METHOD PATH [BODY]: the answer, or the end if it is not 2xx.
api() {
  curl --silent --show-error --fail-with-body --max-time 20 --cookie "$dir/$1" --cookie-jar "$dir/$1" \
    --header 'content-type: application/json' --request "$2" "$url$3" ${4:+--data "$4"}
}
id() { grep -o '"id":"[0-9a-f]*"' | head -n 1 | cut -d'"' -f4; }

api ada POST /api/users/signup "{\"email\":\"ada$now@example.com\",\"password\":\"correct horse battery\"}" > /dev/null
api bob POST /api/users/signup "{\"email\":\"bob$now@example.com\",\"password\":\"hunting for tickets\"}" > /dev/null
ticket=$(api ada POST /api/tickets '{"title":"Row A, seat 12","price":19.99}' | id)
order=$(api bob POST /api/orders "{\"ticketId\":\"$ticket\"}" | id)
api bob POST /api/payments "{\"token\":\"tok_visa\",\"orderId\":\"$order\"}" > /dev/null
for _ in $(seq 50); do
  if api bob GET "/api/orders/$order" | grep -q '"status":"complete"'; then
    api bob GET "/api/tickets/$ticket" | grep -q "\"orderId\":\"$order\""
    curl --silent --show-error --fail --max-time 20 --output /dev/null "$url/"
    for private in metrics healthz readyz; do
      test "$(curl --silent --output /dev/null --write-out '%{http_code}' "$url/$private")" = 404
    done
    echo "bought ticket $ticket with order $order"
    exit 0
  fi
  sleep 0.2
done
echo "order $order did not become complete" >&2
exit 1
