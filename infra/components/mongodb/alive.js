// The liveness probe: fails if mongod does not answer, or has been REMOVED from its replica set because it did not
// find itself among the members. A restart lets it look again. Everything else that may be wrong with a member (it
// recovers, is not initiated yet, sees no majority) a restart would only prolong.
const { readFileSync } = require('node:fs');

const NOT_A_MEMBER = 'InvalidReplicaSetConfig';

const key = readFileSync(process.env.KEYFILE, 'utf8').replace(/\s/g, '');
const address = 'localhost:27017/?directConnection=true&authSource=local&serverSelectionTimeoutMS=10000';
const server = new Mongo(`mongodb://__system:${encodeURIComponent(key)}@${address}`);
try {
  server.getDB('admin').runCommand({ replSetGetStatus: 1 });
} catch (error) {
  if (error.codeName === NOT_A_MEMBER) {
    print(error.message);
    quit(1);
  }
  // Another answer is an answer. Without one the failure has no code.
  if (!error.codeName) throw error;
}
quit(0);
