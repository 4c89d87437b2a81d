// Sends COUNT scans with the module QUEUE, and tries again for as long as there is something to send, as a door does. Their
// numbers are the scans, and the answers to them.
const ROUNDS = 20;

return (async () => {
  const { sendAll } = await import(`data:text/javascript,${encodeURIComponent(QUEUE)}`);
  const left = Array.from({ length: COUNT }, (_, number) => number);
  const said = { requests: [], taken: [], answered: [], refused: [], thrown: [], left };
  async function send(scans) {
    said.requests.push(scans.length);
    const error = failing(scans);
    if (error) throw error;
    said.taken.push(...scans);
    return [...scans];
  }
  const answered = (scan, answer) => said.answered.push(scan === answer ? scan : null);
  const refused = (scan) => said.refused.push(scan);
  for (let round = 0; left.length && round < ROUNDS; round += 1) {
    await sendAll(left, send, answered, refused).catch((error) => said.thrown.push(error));
  }
  return said;
})();
