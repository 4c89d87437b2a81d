use super::{Comes, Names, Telling, Words};

pub(crate) static GERMAN: Words = Words {
    language: "de",
    footer: |site| {
        format!(
            "Sie erhalten diese Nachricht, weil Sie ein Konto bei {site} haben. Antworten darauf werden nicht gelesen."
        )
    },
    names: Names {
        ticket: "Ticket",
        event: "Veranstaltung",
        venue: "Ort",
        date: "Datum",
        date_now: "Datum jetzt",
        venue_now: "Ort jetzt",
        time_of: |place| format!("Ortszeit {place}"),
        tier: "Art des Tickets",
        seat: "Platz",
        seat_words: |section, row, seat| {
            let part = |name: &str, value: Option<&str>| value.map(|value| format!("{name} {value}"));
            let parts = [part("Block", section), part("Reihe", row), part("Platz", seat)];
            parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        },
        price: "Preis",
        order: "Bestellung",
        device: "Angemeldet mit",
    },
    bought: Telling {
        subject: "Ihr Ticket",
        heading: "Das Ticket gehört Ihnen",
        paragraphs: &["Sie haben es bezahlt, und niemand sonst kann es mehr kaufen."],
        link: "Zur Bestellung",
    },
    comes: Comes {
        at_once: "Sie finden es auf der Seite Ihrer Bestellung, die nur Sie öffnen können. Dort ist auch der Beleg.",
        later: |moment| {
            format!(
                "Es kommt bis {moment} auf die Seite Ihrer Bestellung, und wir schreiben Ihnen, sobald es dort ist. Kommt es \
                 nicht, erhalten Sie Ihr Geld ohne Ihr Zutun vollständig zurück. Der Beleg ist schon jetzt dort."
            )
        },
        not_promised: "Über das Ticket selbst wurde nichts versprochen: Es wird nicht über diese Seite übergeben. Auf der Seite \
            Ihrer Bestellung finden Sie den Beleg.",
        otherwise: "Auf der Seite Ihrer Bestellung finden Sie den Beleg und was Sie für den Einlass brauchen.",
        owed: |moment| {
            format!(
                "Wer es gekauft hat, wartet noch auf das Ticket selbst. Geben Sie es bis {moment} ab, falls Sie das noch nicht \
                 getan haben: Sonst wird der Verkauf rückgängig gemacht, und das Geld geht zurück."
            )
        },
    },
    delivered: Telling {
        subject: "Ihr Ticket ist da",
        heading: "Ihr Ticket ist da",
        paragraphs: &["Sie finden es auf der Seite Ihrer Bestellung, die nur Sie öffnen können."],
        link: "Zum Ticket",
    },
    sold: Telling {
        subject: "Verkauft",
        heading: "Ihr Ticket ist verkauft",
        paragraphs: &["Es wurde gekauft und bezahlt. Sie können es nicht mehr ändern oder zurückziehen."],
        link: "Zum Ticket",
    },
    expired: Telling {
        subject: "Ihre Reservierung ist abgelaufen",
        heading: "Ihre Reservierung ist abgelaufen",
        paragraphs: &[
            "Sie hatten begonnen zu bezahlen, aber die Zahlung war nicht abgeschlossen, als die Zeit um war. \
             Das Ticket wurde deshalb freigegeben.",
            "Falls Geld abgebucht wurde, erhalten Sie es zurück, und wir schreiben Ihnen, sobald das geschehen ist.",
        ],
        link: "Nachsehen, ob es noch zu haben ist",
    },
    refunded: Telling {
        subject: "Erstattet", heading: "Ihr Geld ist zurück", paragraphs: &[], link: "Zur Bestellung"
    },
    refund_failed: Telling {
        subject: "Ihre Erstattung ist nicht angekommen",
        heading: "Ihre Erstattung ist nicht angekommen",
        paragraphs: &["Sie brauchen nichts zu tun: Auch wir haben davon erfahren."],
        link: "Zur Bestellung",
    },
    not_delivered: Telling {
        subject: "Nicht geliefert",
        heading: "Ihr Ticket wurde nicht geliefert",
        paragraphs: &[
            "Es ist bis zum versprochenen Zeitpunkt nicht bei uns eingegangen. Ihre Bestellung ist deshalb storniert.",
            "Sie erhalten Ihr Geld zurück, und wir schreiben Ihnen, sobald es erstattet ist.",
        ],
        link: "Zur Bestellung",
    },
    delivery_missed: Telling {
        subject: "Sie haben Ihr Ticket nicht geliefert",
        heading: "Sie haben Ihr Ticket nicht geliefert",
        paragraphs: &[
            "Sie hatten versprochen, es uns bis jetzt zu geben. Der Verkauf ist storniert, und wer es gekauft hat, erhält \
             das Geld zurück.",
            "Das Ticket steht nicht mehr zum Verkauf.",
        ],
        link: "Zum Ticket",
    },
    not_issued: Telling {
        subject: "Nicht ausgestellt",
        heading: "Ihr Ticket konnte nicht ausgestellt werden",
        paragraphs: &[
            "Wer es verkauft hat, hat es nicht mehr, oder es wurde schon für den Einlass benutzt. Ihre Bestellung ist deshalb \
             storniert.",
            "Sie erhalten Ihr Geld zurück, und wir schreiben Ihnen, sobald es erstattet ist.",
        ],
        link: "Zur Bestellung",
    },
    not_sold_on: Telling {
        subject: "Ihr Ticket konnte nicht weiterverkauft werden",
        heading: "Ihr Ticket konnte nicht weiterverkauft werden",
        paragraphs: &[
            "Sie haben es nicht mehr, oder es wurde schon für den Einlass benutzt. Der Verkauf ist storniert, und wer es gekauft \
             hat, erhält das Geld zurück.",
            "Das Ticket steht nicht mehr zum Verkauf.",
        ],
        link: "Zum Ticket",
    },
    bought_for_nothing: Telling {
        subject: "Abgesagt, und Ihr Geld geht zurück",
        heading: "Die Veranstaltung ist abgesagt, und Ihr Geld geht zurück",
        paragraphs: &[
            "Sie findet nicht statt, und das Ticket wurde uns nie übergeben. Ihre Bestellung ist deshalb storniert.",
            "Sie erhalten Ihr Geld zurück, und wir schreiben Ihnen, sobald es erstattet ist.",
        ],
        link: "Zur Bestellung",
    },
    sold_for_nothing: Telling {
        subject: "Abgesagt, und Ihr Verkauf damit storniert",
        heading: "Die Veranstaltung ist abgesagt, und Ihr Verkauf damit storniert",
        paragraphs: &[
            "Sie findet nicht statt, und das Ticket wurde uns nie übergeben. Der Verkauf ist deshalb storniert, und wer es \
             gekauft hat, erhält das Geld zurück.",
            "Sie brauchen nichts zu tun. Das Ticket steht nicht mehr zum Verkauf.",
        ],
        link: "Zum Ticket",
    },
    withdrawn: Telling {
        subject: "Nicht mehr zu verkaufen",
        heading: "Ihr Ticket steht nicht mehr zum Verkauf",
        paragraphs: &[
            "Es wurde endgültig zurückgezogen: Niemand kann es mehr kaufen.",
            "Wenn Sie das nicht waren, ändern Sie Ihr Passwort.",
        ],
        link: "Zum Konto",
    },
    overdue: Telling {
        subject: "Nicht mehr zu verkaufen",
        heading: "Ihr Ticket steht nicht mehr zum Verkauf",
        paragraphs: &[
            "Niemand hat es gekauft, und Sie hatten versprochen, es bis jetzt zu liefern. Deshalb kann es niemand mehr kaufen.",
        ],
        link: "Zum Ticket",
    },
    event_moved: Telling {
        subject: "Verlegt",
        heading: "Die Veranstaltung wurde verlegt",
        paragraphs: &[
            "Unten steht, wann und wo sie jetzt stattfindet, und danach, was Sie gekauft haben, so wie es bei Ihrer \
             Bestellung war.",
            "Ihr Ticket gehört weiterhin Ihnen, und Ihre Bestellung bleibt, wie sie ist. Ob Sie damit so eingelassen werden, \
             kann nur der Veranstalter sagen.",
        ],
        link: "Ansehen, was Sie gekauft haben",
    },
    event_cancelled: Telling {
        subject: "Abgesagt",
        heading: "Die Veranstaltung ist abgesagt",
        paragraphs: &[
            "Sie findet nicht statt. Unten steht, was Sie gekauft haben.",
            "Ihre Bestellung bleibt, wie sie ist, und kein Geld geht von selbst an Sie zurück, es sei denn, Ihr Ticket soll erst \
             noch kommen und kommt nicht rechtzeitig. Fragen Sie den Betreiber, ob Sie es zurückerhalten. Wenn es auf Ihre \
             Karte zurückgeht, schreiben wir Ihnen.",
        ],
        link: "Ansehen, was Sie gekauft haben",
    },
    listing_moved: Telling {
        subject: "Verlegt, wofür Sie Tickets verkaufen",
        heading: "Eine Veranstaltung wurde verlegt, für die Sie Tickets verkaufen",
        paragraphs: &[
            "Ihre Tickets dafür, die zum Verkauf stehen oder noch nicht zum Verkauf stehen, sagen jetzt, wann und wo sie \
             stattfindet. Wo Sie versprochen haben, eines später zu liefern, sehen Sie nach, bis wann: Das kann jetzt ein \
             anderer Zeitpunkt sein. Sonst hat sich an ihnen nichts geändert.",
            "Was gerade gekauft wird oder verkauft ist, bleibt, wie es bestellt wurde. Ein Ticket, das Sie nicht mehr \
             verkaufen möchten, können Sie zurückziehen.",
        ],
        link: "Zu Ihren Angeboten",
    },
    listing_withdrawn: Telling {
        subject: "Abgesagt, wofür Sie Tickets verkaufen",
        heading: "Eine Veranstaltung ist abgesagt, für die Sie Tickets verkaufen",
        paragraphs: &[
            "Ihre Tickets dafür, die zum Verkauf standen oder noch nicht zum Verkauf standen, wurden endgültig zurückgezogen: \
             Niemand kann sie mehr kaufen.",
            "Was schon verkauft ist, bleibt verkauft.",
        ],
        link: "Zu Ihren Angeboten",
    },
    given_back: |amount| format!("{amount} wurden erstattet. Es kann einige Tage dauern, bis Ihre Bank das anzeigt."),
    not_given_back: |amount| {
        format!(
            "{amount} konnten nicht auf Ihre Karte erstattet werden. Wir schulden sie Ihnen weiterhin und kümmern uns darum."
        )
    },
    confirm_address: Telling {
        subject: "Bestätigen Sie Ihre Adresse",
        heading: "Ist das Ihre Adresse?",
        paragraphs: &[
            "Jemand, vermutlich Sie selbst, hat sie angegeben. Bitte bestätigen Sie sie. Wo Sie nicht angemeldet sind, \
             fragen wir nach dem Passwort Ihres Kontos.",
            "Wenn Sie das nicht waren, tun Sie nichts: Dann geschieht auch nichts.",
        ],
        link: "Adresse bestätigen",
    },
    reset_password: Telling {
        subject: "Wählen Sie ein neues Passwort",
        heading: "Wählen Sie ein neues Passwort",
        paragraphs: &[
            "Jemand, vermutlich Sie selbst, hat darum gebeten. Sobald es gewählt ist, enden alle Sitzungen.",
            "Wenn Sie das nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist.",
        ],
        link: "Neues Passwort wählen",
    },
    password_changed: Telling {
        subject: "Ihr Passwort wurde geändert",
        heading: "Ihr Passwort wurde geändert",
        paragraphs: &[
            "Alle anderen Sitzungen sind beendet. Wenn Sie das nicht waren, fordern Sie sofort ein neues Passwort an.",
        ],
        link: "Neues Passwort anfordern",
    },
    address_changed: Telling {
        subject: "Ihre Adresse wurde geändert",
        heading: "Ihre Adresse wurde geändert",
        paragraphs: &[
            "Von jetzt an schreiben wir an eine andere Adresse, mit der Sie sich auch anmelden.",
            "Wenn Sie das nicht waren, kennt jemand Ihr Passwort: Wenden Sie sich sofort an den Betreiber.",
        ],
        link: "Zum Konto",
    },
    new_sign_in: Telling {
        subject: "Eine neue Anmeldung bei Ihrem Konto",
        heading: "Eine neue Anmeldung bei Ihrem Konto",
        paragraphs: &[
            "Sie kam aus einem Browser, mit dem wir Sie noch nicht gesehen haben.",
            "Wenn Sie das nicht waren, beenden Sie diese Sitzung und ändern Sie Ihr Passwort.",
        ],
        link: "Sehen, wo Sie angemeldet sind",
    },
    sign_up_again: Telling {
        subject: "Sie haben schon ein Konto",
        heading: "Sie haben schon ein Konto",
        paragraphs: &[
            "Jemand, vermutlich Sie selbst, wollte sich mit dieser Adresse registrieren. \
             Melden Sie sich stattdessen an, oder fordern Sie ein neues Passwort an.",
            "Wenn Sie das nicht waren, tun Sie nichts: Es ist nichts geschehen.",
        ],
        link: "Anmelden",
    },
    sign_in_changed: Telling {
        subject: "Ihre Anmeldung wurde geändert",
        heading: "Ihre Anmeldung wurde geändert",
        paragraphs: &[
            "Ein Passkey kam hinzu oder wurde entfernt, oder es wurde geändert, wonach wir neben Ihrem Passwort fragen, \
             oder Sie haben neue Backup-Codes.",
            "Wenn Sie das nicht waren, kennt jemand Ihr Passwort: Ändern Sie es, und entfernen Sie Passkeys, die nicht \
             Ihre sind.",
        ],
        link: "Zu Ihren Passkeys",
    },
    recovery_code_used: Telling {
        subject: "Ein Backup-Code wurde benutzt",
        heading: "Ein Backup-Code wurde benutzt",
        paragraphs: &[
            "Jemand hat sich mit Ihrem Passwort und einem Backup-Code angemeldet. Dieser Code ist verbraucht.",
            "Wenn Sie das nicht waren, ändern Sie Ihr Passwort, melden Sie sich überall ab und lassen Sie sich neue Codes \
             geben.",
            "Wenn Sie es waren, weil Sie einen Passkey verloren haben, entfernen Sie ihn aus Ihrem Konto.",
        ],
        link: "Zu Ihren Passkeys",
    },
    good_until: |moment| format!("Der Link gilt bis {moment}, und nur einmal."),
};
