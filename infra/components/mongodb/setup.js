// Forms the replica set if there is none yet, and brings its users to what users.json and the
// passwords in the environment say. Does nothing else, and may run again at any time.
//
// It signs in as a member does, with the key file: there is no user yet when it first runs, and no
// password of an administrator to be kept for it.
const { readFileSync } = require('node:fs');

const members = process.env.MEMBERS.split(',');
const key = readFileSync(process.env.KEYFILE, 'utf8').replace(/\s/g, '');
const users = JSON.parse(readFileSync(process.env.USERS, 'utf8'));

const asMember = (hosts, options) =>
  new Mongo(`mongodb://__system:${encodeURIComponent(key)}@${hosts}/?authSource=local&${options}`);

function patiently(what, attempt) {
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      print(`${what}: ${error.message}; trying again`);
      sleep(2000);
    }
  }
}

function formReplicaSet() {
  const first = asMember(members[0], 'directConnection=true').getDB('admin');
  if (first.hello().setName) return;
  const config = { _id: 'rs0', members: members.map((host, _id) => ({ _id, host })) };
  const { ok, errmsg } = first.runCommand({ replSetInitiate: config });
  if (!ok) throw new Error(errmsg);
  print(`formed a replica set of ${members.join(', ')}`);
}

function setUsers() {
  const set = asMember(members.join(','), 'replicaSet=rs0');
  for (const { database, user, roles } of users) {
    const pwd = process.env[`MONGODB_PASSWORD_${user.toUpperCase()}`];
    if (!pwd) throw new Error(`there is no password for ${user}`);
    const db = set.getDB(database);
    const isThere = db.runCommand({ usersInfo: user }).users.length > 0;
    const done = db.runCommand({ [isThere ? 'updateUser' : 'createUser']: user, pwd, roles });
    if (!done.ok) throw new Error(`${user}: ${done.errmsg}`);
    print(`${user} may ${roles.join(', ')} in ${database}`);
  }
}

patiently('forming the replica set', formReplicaSet);
patiently('setting the users', setUsers);
