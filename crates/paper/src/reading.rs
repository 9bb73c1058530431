//! What the mandate's template reads: every string cleaned, every date said, every digest in groups.
//!
//! Nothing here chooses a word of the mandate; names of states and methods are keys that the template matches.

use serde_json::{Value, json};

use crate::mandate::{Agreement, MandateDocument, Method, Standing};
use crate::words::{Moment, groups, line, phone, sentence, siret};

impl MandateDocument {
    /// What the template reads.
    pub(crate) fn data(&self) -> Value {
        let (given, family) = (line(&self.person.given_names), line(&self.person.family_name));
        let (state, until, agreement, to_sign) = match &self.standing {
            Standing::Draft => ("draft", None, None, None),
            Standing::ToSign { presented_sha256 } => ("to_sign", None, None, Some(groups(presented_sha256))),
            Standing::Provisional { until, agreement } => ("provisional", Some(Moment::of(*until)), Some(agreement.data()), None),
            Standing::Signed(agreement) => ("signed", None, Some(agreement.data()), None),
        };
        json!({
            "template": crate::MANDATE_TEMPLATE,
            "number": line(&self.number),
            "service": line(&self.service),
            "state": state,
            "until": until,
            "to_sign": to_sign,
            "structure": {
                "name": line(&self.structure.name),
                "siret": siret(&self.structure.siret),
                "address": sentence(&self.structure.address),
                "phone": phone(&self.structure.phone),
                "hours": sentence(&self.structure.hours),
            },
            "aidant": line(&self.aidant),
            "person": {
                "full_name": format!("{given} {family}"),
                "given_names": given,
                "family_name": family,
                "birth_date": self.person.birth_date.with_year(),
                "birthplace": self.person.birthplace.as_deref().map(line).filter(|place| !place.is_empty()),
                "mail": line(&self.person.mail),
            },
            "opens_account": self.opens_account,
            "follows": self.follows.as_deref().map(line),
            "identity": self.identity,
            "powers": self.powers,
            "start": self.start.long(),
            "end": self.end.long(),
            "agreement": agreement,
            "data": { "controller": sentence(&self.data_protection.controller), "contact": sentence(&self.data_protection.contact) },
        })
    }
}

impl Agreement {
    fn data(&self) -> Value {
        let (method, strokes) = match &self.signature.method {
            Method::DrawnAndSms(strokes) => ("drawn_and_sms", Some(strokes.svg())),
            Method::SmsOnly => ("sms_only", None),
            Method::DrawnAndPrint(strokes) => ("drawn_and_print", Some(strokes.svg())),
            Method::Print => ("print", None),
        };
        json!({
            "method": method,
            "strokes": strokes,
            "phone_end": self.signature.phone_end,
            "signed_at": Moment::of(self.signature.signed_at),
            "counter_name": line(&self.countersignature.aidant),
            "counter_at": Moment::of(self.countersignature.at),
            "attestant": self.countersignature.attestant.as_deref().map(line),
            "place": self.place.as_deref().map(line).filter(|place| !place.is_empty()),
            "presented": groups(&self.presented_sha256),
            "evidence": groups(&self.evidence_sha256),
        })
    }
}
