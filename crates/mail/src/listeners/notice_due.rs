use common::events::NoticeDue;
use runtime::listener::{Age, Handled};

use super::tell;
use crate::domain::{AccountNews, News};
use crate::state::MailState;

/// Tells the owner of an account what has happened to it, or how to go on.
pub(super) async fn handle(state: MailState, event: NoticeDue, age: Age) -> Handled {
    let NoticeDue { id, user_id, kind } = event;
    let news = News::Account(AccountNews { notice: id, what: kind.known()? });
    tell(&state, user_id, news, age).await
}

#[cfg(test)]
mod tests {
    use common::events::{NoticeDue, NoticeKind};

    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_notice_is_told_once_with_the_link_that_auth_has_made_for_it() {
        let app = start().await;
        let notice = app.notice(NoticeKind::ResetPassword);
        for _ in 0..2 {
            app.publish("notices", &notice).await;
        }
        app.settle().await;
        let mails = app.until_told(1).await;
        assert_eq!(mails[0].subject, "Choose a new password");
        let link = "https://tickets.example.com/reset?token=secret-of-reset-password";
        assert!(mails[0].text.contains(link) && mails[0].html.contains(link), "{}", mails[0].text);
        assert!(!app.everything_kept().await.contains("secret-of-reset-password"), "the token is at rest");
        app.told_no_more(1).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn every_kind_of_notice_is_told() {
        let app = start().await;
        let kinds = [
            (NoticeKind::ConfirmAddress, "Confirm your address"),
            (NoticeKind::ResetPassword, "Choose a new password"),
            (NoticeKind::PasswordChanged, "Your password was changed"),
            (NoticeKind::AddressChanged, "Your address was changed"),
            (NoticeKind::NewSignIn, "A new sign-in to your account"),
            (NoticeKind::SignUpAgain, "You have an account already"),
            (NoticeKind::SignInChanged, "The way you sign in was changed"),
            (NoticeKind::RecoveryCodeUsed, "A recovery code was used"),
        ];
        for (kind, _) in kinds {
            app.publish("notices", &app.notice(kind)).await;
        }
        app.settle().await;
        let mut subjects: Vec<_> = app.until_told(kinds.len()).await.into_iter().map(|mail| mail.subject).collect();
        let mut expected: Vec<_> = kinds.iter().map(|(_, subject)| (*subject).to_owned()).collect();
        subjects.sort();
        expected.sort();
        assert_eq!(subjects, expected);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_kind_that_is_not_known_here_is_for_an_operator() {
        let app = start().await;
        let notice: NoticeDue = app.notice(NoticeKind::NewSignIn);
        app.publish_newer("notices", &notice, "/kind").await;
        app.settle().await;
        assert_eq!(app.dead_letters().await, ["\"invented-later\" is not known here"]);
    }
}
