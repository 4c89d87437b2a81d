//! The accounts in the store.

use common::addressee;
use common::email::Email;
use common::id::{NoticeId, PasskeyId, UserId};
use common::outcome::Outcome;
use common::time::Timestamp;
use common::version::Versioned;
use ports::store::{Condition, Conflict, Direction, Query, StoreError};
use runtime::store::{Publish, Silent, Store, UpdateContext, Updated};

use crate::domain::{CodeHash, Credential, FollowedLink, LinkHash, Notice, Passkey, PasswordHash, User};
use crate::error::AuthError;
use crate::store::{
    CLAIMS, CREATED_AT, EMAIL, ERASED_AT, STANDING, STANDING_CLAIMED, STANDING_ERASED, SWEEP, SWEEP_PENDING,
};

/// How many of the first accounts that claim an address may be meant by it.
const FIRST_CLAIMS: usize = 2;

/// All accounts. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Users(pub(crate) Store<User>);

impl Users {
    /// Stores a new account, with what somebody is to be told of it. Of several that hold the same address the
    /// store's unique index lets one through.
    pub(crate) async fn add(&self, user: User, notice: Option<Notice>) -> Result<Versioned<User>, AuthError> {
        match self.0.insert(user, &notice).await {
            Err(StoreError::Conflict(Conflict::Unique(_))) => Err(AuthError::EmailInUse),
            inserted => Ok(inserted?),
        }
    }

    /// The account, unless it is gone.
    pub(crate) async fn get(&self, id: UserId) -> Result<Option<Versioned<User>>, StoreError> {
        Ok(self.0.get(id).await?.filter(|user| !user.is_erased()))
    }

    /// Erases the account and has every service hear of it. Returns what is left of it, or `None` if its sessions have
    /// been disowned since `user` was read.
    pub(crate) async fn erase(&self, user: &User) -> Result<Option<Versioned<User>>, StoreError> {
        self.change(user.id, |present, now| present.erase(user.generation, now)).await
    }

    /// Removes what is left of accounts that were erased before a moment.
    pub(crate) async fn purge_erased(&self, before: Timestamp) -> Result<(), StoreError> {
        let erased = Condition::Equals(STANDING, STANDING_ERASED.into());
        let long_ago = Condition::AtMost(ERASED_AT, before.to_string().into());
        self.0.purge(&[erased, long_ago]).await?;
        Ok(())
    }

    /// The account that holds the address.
    pub(crate) async fn find(&self, email: &Email) -> Result<Option<Versioned<User>>, StoreError> {
        let by_email = Condition::Equals(EMAIL, email.as_str().into());
        Ok(self.0.find(&Query::all(vec![by_email])).await?.pop())
    }

    /// The account that claims the address without holding it; of several the last that was made.
    pub(crate) async fn find_claim(&self, email: &Email) -> Result<Option<Versioned<User>>, StoreError> {
        Ok(self.claims(email, Direction::Descending, 1).await?.pop())
    }

    /// Some of the accounts that claim the address without holding it: the last that was made, and the first ones, which
    /// nobody pushes out who claims it later.
    pub(crate) async fn find_claims(&self, email: &Email) -> Result<Vec<Versioned<User>>, StoreError> {
        let mut claims = self.claims(email, Direction::Descending, 1).await?;
        claims.extend(self.claims(email, Direction::Ascending, FIRST_CLAIMS).await?);
        Ok(claims)
    }

    async fn claims(
        &self,
        email: &Email,
        direction: Direction,
        count: usize,
    ) -> Result<Vec<Versioned<User>>, StoreError> {
        let conditions = vec![
            Condition::Equals(STANDING, STANDING_CLAIMED.into()),
            Condition::Equals(CLAIMS, email.as_str().into()),
        ];
        let by_age = Query { sort: Some(CREATED_AT), direction, limit: Some(count), ..Query::all(conditions) };
        self.0.find(&by_age).await
    }

    /// Has somebody write to the account's address, or to the owner of that address, if another account holds it.
    pub(crate) async fn ask_to_confirm(
        &self,
        id: UserId,
        holder: Option<UserId>,
        notice: NoticeId,
    ) -> Result<(), StoreError> {
        self.change(id, |user, now| Outcome::Changed(user.ask_to_confirm(holder, notice, now))).await?;
        Ok(())
    }

    /// Has the account's owner written to, so that they can choose another password.
    pub(crate) async fn ask_to_reset(&self, id: UserId, notice: NoticeId) -> Result<(), StoreError> {
        self.change(id, |user, now| user.ask_to_reset(notice, now)).await?;
        Ok(())
    }

    /// Sets another password for the account that the link was sent to, disowns all sessions and has the owner told.
    pub(crate) async fn reset_password(
        &self,
        link: &FollowedLink,
        hash: &PasswordHash,
        notice: Option<NoticeId>,
    ) -> Result<Versioned<User>, AuthError> {
        let reset = |user: &mut User, cx: UpdateContext| {
            Ok::<_, AuthError>(user.reset_password(link, hash.clone(), notice, cx.now)?)
        };
        confirming(self.0.update(link.user, reset).await)
    }

    /// Puts a link into a letter. Returns until when it is good; `None` if the letter is not wanted any more.
    pub(crate) async fn write_link(
        &self,
        id: UserId,
        notice: addressee::Notice,
        hash: &LinkHash,
    ) -> Result<Option<Timestamp>, StoreError> {
        let write = |user: &mut User, cx: UpdateContext| {
            let written = user.write_link((notice.id, notice.kind), hash.clone(), cx.now);
            Ok::<_, StoreError>(written.map_or(Outcome::Unchanged, |until| Outcome::Changed(Silent(until))))
        };
        let updated = self.0.update(id, write).await?;
        Ok(updated.and_then(|updated| updated.outcome.changed()).map(|Silent(until)| until))
    }

    /// Has somebody write to another address, so that it becomes the account's. That takes the same steps if another
    /// account has it, but nothing is written.
    pub(crate) async fn ask_to_change(
        &self,
        id: UserId,
        to: &Email,
        is_free: bool,
        notice: NoticeId,
    ) -> Result<(), StoreError> {
        self.change(id, |user, now| Outcome::Changed(user.ask_to_change(to.clone(), is_free, notice, now))).await?;
        Ok(())
    }

    /// Confirms the address that the link was sent to, and has that told at the one of before. Whoever follows it has
    /// shown that `owner` is theirs, which is worth nothing once its sessions have been disowned. Of several accounts
    /// that want the same address the store's unique index lets one through.
    pub(crate) async fn confirm_address(
        &self,
        owner: &User,
        link: &FollowedLink,
        told: Option<NoticeId>,
    ) -> Result<Versioned<User>, AuthError> {
        let confirm = |user: &mut User, cx: UpdateContext| {
            user.check_confirmation(link, cx.now)?;
            if user.generation != owner.generation {
                return Err(AuthError::SignInToConfirm);
            }
            Ok(user.confirm_address(link, told, cx.now)?)
        };
        confirming(self.0.update(owner.id, confirm).await)
    }

    /// Adds a passkey to the account as it is in `generation`.
    pub(crate) async fn add_passkey(
        &self,
        user: &User,
        passkey: &Passkey,
        notice: Option<NoticeId>,
    ) -> Result<(), AuthError> {
        let add = |present: &mut User, _| {
            Ok::<_, AuthError>(present.add_passkey(user.generation, passkey.clone(), notice)?)
        };
        self.0.update(user.id, add).await?.ok_or(AuthError::SessionEnded)?;
        Ok(())
    }

    /// Removes a passkey. `None` if there is none with this id, or sessions have been disowned since `user` was read.
    pub(crate) async fn remove_passkey(
        &self,
        user: &User,
        id: PasskeyId,
        notice: Option<NoticeId>,
    ) -> Result<Option<Versioned<User>>, StoreError> {
        self.change(user.id, |present, _| present.remove_passkey(user.generation, id, notice)).await
    }

    /// Asks for a second factor from now on. `None` if sessions have been disowned since `user` was read.
    pub(crate) async fn require_second_factor(
        &self,
        user: &User,
        codes: &[CodeHash],
        notice: Option<NoticeId>,
    ) -> Result<Option<Versioned<User>>, AuthError> {
        let require = |present: &mut User, _| {
            Ok::<_, AuthError>(present.require_second_factor(user.generation, codes.to_vec(), notice)?)
        };
        let updated = self.0.update(user.id, require).await?;
        Ok(updated.filter(|updated| updated.outcome.is_changed()).map(|updated| updated.aggregate))
    }

    /// Asks for nothing but the password from now on. Returns whether something else was asked for before.
    pub(crate) async fn drop_second_factor(&self, user: &User, notice: Option<NoticeId>) -> Result<bool, StoreError> {
        let dropped = self.change(user.id, |present, _| present.drop_second_factor(user.generation, notice)).await?;
        Ok(dropped.is_some())
    }

    /// Notes that a passkey has been used. `None` if it is not what it was `before` any more.
    pub(crate) async fn use_passkey(
        &self,
        user: &User,
        before: &Credential,
        after: &Credential,
    ) -> Result<Option<Versioned<User>>, StoreError> {
        self.change(user.id, |present, now| present.use_passkey(before, after.clone(), now)).await
    }

    /// Takes a recovery code. `None` if it is none, was used before, or the password has changed since `generation`.
    pub(crate) async fn use_recovery_code(
        &self,
        user: &User,
        generation: u64,
        code: &CodeHash,
        notice: Option<NoticeId>,
    ) -> Result<Option<Versioned<User>>, StoreError> {
        self.change(user.id, |present, _| present.use_recovery_code(generation, code, notice)).await
    }

    /// Accounts with sessions of former generations that may not have been ended yet.
    pub(crate) async fn with_pending_sweep(&self) -> Result<Vec<Versioned<User>>, StoreError> {
        let pending = Condition::Equals(SWEEP, SWEEP_PENDING.into());
        self.0.find(&Query::all(vec![pending])).await
    }

    /// Changes the password, disowns all sessions and has the owner told. Returns the account as changed, or `None` if its
    /// sessions have been disowned since `user` was read.
    pub(crate) async fn change_password(
        &self,
        user: &User,
        hash: &PasswordHash,
        notice: Option<NoticeId>,
    ) -> Result<Option<Versioned<User>>, StoreError> {
        let change = |present: &mut User, now| present.change_password(user.generation, hash.clone(), notice, now);
        self.change(user.id, change).await
    }

    /// Disowns all sessions. Returns the account as changed, or `None` if somebody else has done so
    /// since `user` was read.
    pub(crate) async fn sign_out_everywhere(&self, user: &User) -> Result<Option<Versioned<User>>, StoreError> {
        self.change(user.id, |present, now| present.sign_out_everywhere(user.generation, now)).await
    }

    /// Notes that the sessions not admitted by `user` have been ended.
    pub(crate) async fn finish_sweep(&self, user: &User) -> Result<(), StoreError> {
        self.change(user.id, |present, _| present.finish_sweep(user.generation)).await?;
        Ok(())
    }

    /// Replaces the hash of an unchanged password.
    pub(crate) async fn rehash(&self, user: &User, hash: &PasswordHash) -> Result<(), StoreError> {
        self.change(user.id, |present, _| present.rehash(&user.password_hash, hash.clone())).await?;
        Ok(())
    }

    /// The account as `decide` has changed it; `None` if it is gone or was left as it was.
    async fn change<T: Publish<User>>(
        &self,
        id: UserId,
        decide: impl Fn(&mut User, Timestamp) -> Outcome<T>,
    ) -> Result<Option<Versioned<User>>, StoreError> {
        let updated = self.0.update(id, |present, context| Ok::<_, StoreError>(decide(present, context.now))).await?;
        Ok(updated.filter(|updated| updated.outcome.is_changed()).map(|updated| updated.aggregate))
    }
}

/// The account as a link has changed it, unless another one holds the address.
fn confirming<T>(updated: Result<Option<Updated<User, T>>, AuthError>) -> Result<Versioned<User>, AuthError> {
    match updated {
        Err(AuthError::Store(StoreError::Conflict(Conflict::Unique(_)))) => Err(AuthError::AddressTaken),
        updated => Ok(updated?.ok_or(AuthError::LinkIsOver)?.aggregate),
    }
}
