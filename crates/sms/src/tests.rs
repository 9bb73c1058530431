//! Messages are short enough, leave once, and leave nothing behind.

use maincourante_kernel::testing;

use crate::text::SEGMENT;
use crate::{Gateway, Text, deliver, queue, store, training_phone};

#[test]
fn every_text_fits_one_segment_whatever_the_names() {
    let long = "Centre communal d’action sociale de Saint-Maximin-la-Sainte-Baume-et-Environs-du-Haut";
    let phone = "05 58 00 00 00";
    for text in [
        Text::CodeToRecover { service: long, code: "482913" },
        Text::CodeToChoose { service: long, code: "482913", aidant: long },
        Text::CodeToSign { service: long, code: "482913", structure: long },
        Text::CodeToJoin { service: long, code: "482913", aidant: long },
        Text::AccessGivenBack { service: long, aidant: long, structure: long, phone },
        Text::SecretChosen { service: long, phone },
        Text::PasswordChanged { service: long, phone },
        Text::SheetUsed { service: long, phone },
        Text::MandateSigned { service: long, structure: long, phone },
        Text::MandateRenewed { service: long, structure: long, phone },
        Text::MandateEnded { service: long, structure: long, phone },
        Text::AccountDeleted { service: long, structure: long, phone },
        Text::MandateHeld { service: long, structure: long, phone },
        Text::MandateResumed { service: long, structure: long, phone },
    ] {
        let words = text.words();
        assert!(words.chars().count() <= SEGMENT, "{} characters: {words}", words.chars().count());
        assert!(!words.contains('%') && !words.contains("http"), "{words}");
        assert!(words.contains("482913") || words.contains(phone), "{words}");
    }
}

#[tokio::test]
async fn a_message_reaches_the_phone_once_and_its_words_are_wiped() {
    for world in testing::kernels().await {
        let k = &world.kernel;
        let to = "06 39 98 12 34".parse().unwrap();
        let mut tx = k.db.write().await.unwrap();
        queue(&mut tx, k, &to, &Text::CodeToSign { service: "Monespace", code: "482913", structure: "CCAS de Vaudorme" }, None)
            .await
            .unwrap();
        let job = maincourante_kernel::jobs::claim(&mut tx, k.now()).await.unwrap().expect("a job waits");
        tx.commit().await.unwrap();
        let message = job.payload::<crate::Deliver>().unwrap().message;

        let mut left = Vec::new();
        for _ in 0..2 {
            deliver(k, &Gateway::Training, message, async |_, sent| {
                left.push((sent.template, sent.gateway));
                Ok(())
            })
            .await
            .unwrap();
        }
        assert_eq!(left, [("code_to_sign", "training")], "it leaves once");

        let mut tx = k.db.read().await.unwrap();
        let phone = training_phone(&mut tx).await.unwrap();
        assert_eq!(phone.len(), 1);
        assert_eq!(phone[0].recipient, "+33639981234");
        assert_eq!(
            phone[0].body,
            "Monespace : votre code est 482913. Il sert à signer un mandat avec CCAS de Vaudorme. Ne le dites à personne, aidant compris."
        );
        assert!(store::find_waiting(&mut tx, message).await.unwrap().is_none());
    }
}
