//! Letters that arrive in the scenes. The people and places are invented, and so are the tricks.

/// A plain letter.
pub fn plain(from: &str, subject: &str, text: &str) -> String {
    format!(
        "From: {from}\nTo: josette.lambert@exemple-mail.fr\nSubject: {subject}\nMessage-ID: <{}@famille.example>\n\
         Content-Type: text/plain; charset=utf-8\n\n{text}\n",
        subject.len()
    )
}

/// A letter with a document whose name is an attack.
pub fn with_document(name: &str, media: &str, bytes: &str) -> String {
    format!(
        "From: Caisse <contact@caisse.example>\nTo: josette.lambert@exemple-mail.fr\nSubject: Votre attestation\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\nVoici votre attestation.\n\
         --b\nContent-Type: {media}; name=\"{name}\"\nContent-Disposition: attachment; filename=\"{name}\"\n\n{bytes}\n--b--\n"
    )
}

/// HTML that tries everything.
pub const HOSTILE: &str = "From: \"<script>alert(1)</script>\" <x@evil.example>\nTo: josette.lambert@exemple-mail.fr\n\
Subject: <img src=x onerror=alert(2)>\nReply-To: gagne@evil.example\nContent-Type: text/html; charset=utf-8\n\n\
<html><head><style>body{display:none}</style><script>alert(3)</script></head><body onload=\"alert(4)\">\
<h1 id=\"content\" class=\"main\" style=\"position:fixed\">Bonjour <b>Josette</b></h1>\
<p>Vous avez <a href=\"javascript:alert(5)\">gagn\u{e9}</a>, <a href=\"https://evil.example/?x=1\" onclick=\"alert(6)\">ameli.fr</a>.</p>\
<form action=\"/deconnexion\" method=\"post\"><input name=\"password\"><button>Se connecter</button></form>\
<iframe src=\"https://evil.example\"></iframe><img src=\"https://evil.example/pixel.gif\" alt=\"\">\
<table><tr><th>Mois</th><th>Somme</th></tr><tr><td>Mai</td><td>12&nbsp;\u{20ac}</td></tr></table>\
<blockquote><p>Avant</p></blockquote><ul><li>un</li></ul><p>Fin.</p></body></html>\n";

/// A photograph in the page of a letter, as a telephone sends it, with a spy from elsewhere, a picture that is none, and one
/// beside.
pub fn with_photograph() -> String {
    // 64 × 48 points: a head, and nothing drawn.
    let png = "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAwCAYAAAChS3wf";
    format!(
        "From: Sophie Lambert <sophie@famille.example>\nTo: josette.lambert@exemple-mail.fr\nSubject: Dimanche\nMIME-Version: 1.0\n\
         Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html; charset=utf-8\n\n\
         <p>Lina a souffl\u{e9} ses bougies.</p><img src=\"cid:photo@x\" alt=\"Lina &quot;devant&quot; son g\u{e2}teau\">\
         <img src=\"https://evil.example/pixel.gif\" alt=\"Votre logo\"><img src=\"cid:script\">\n\
         --b\nContent-Type: image/png\nContent-ID: <photo@x>\nContent-Transfer-Encoding: base64\nContent-Disposition: inline; filename=lina.png\n\n{png}\n\
         --b\nContent-Type: image/svg+xml\nContent-ID: <script>\nContent-Disposition: inline; filename=dessin.svg\n\n<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>\n\
         --b\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=jardin.png\n\n{png}\n--b--\n"
    )
}
