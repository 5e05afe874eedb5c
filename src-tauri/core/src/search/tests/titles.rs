//! Tests: how people are addressed beside their names.

use super::*;

#[test]
fn how_somebody_is_addressed_does_not_count() {
    finds(
        "Müller, Jan",
        &["Herr Müller", "Mr. Jan Muller", "dr müller", "Sr Müller"],
    );
    misses("Müller, Jan", &["Herr Meier", "Herr", "dr"]);
    finds("Herr Nilsson", &["herr", "Herr Nilsson"]);
    for title in [
        "Mr",
        "Mrs.",
        "Ms",
        "Mx",
        "Miss",
        "Sir",
        "Madam",
        "Prof.",
        "Rev.",
        "Mr and Mrs",
        "Mr. & Mrs.",
        "Hr.",
        "Herrn",
        "Fr.",
        "Frl.",
        "Fräulein",
        "Fam.",
        "Familie",
        "Eheleute",
        "Herr und Frau",
        "Herr u. Frau",
        "Herr/Frau",
        "Prof. Dr.",
        "Dr. med.",
        "Dipl.-Ing.",
        "Mag.",
        "M.",
        "MM.",
        "Mme",
        "Mmes",
        "Mlle",
        "Monsieur",
        "M. et Mme",
        "Famille",
        "Docteur",
        "Maître",
        "Sr.",
        "Sra.",
        "Srta.",
        "Sres.",
        "D.",
        "D.ª",
        "Dña.",
        "Don",
        "Doña",
        "Dra.",
        "Sr. y Sra.",
        "Sig.",
        "Sig.ra",
        "Sig.na",
        "Sigg.",
        "Signora",
        "Dott.",
        "Dott.ssa",
        "Avv.",
        "Famiglia",
        "Sig. e Sig.ra",
        "Senhor",
        "Senhora",
        "Sr.ª",
        "Srª",
        "Exmo. Sr.",
        "Doutora",
        "Eng.",
        "Sr. e Sra.",
    ] {
        finds(
            "Müller, Jan",
            &[&format!("{title} Müller"), &format!("{title} Jan Müller")],
        );
        misses("Müller, Jan", &[&format!("{title} Meier")]);
        let titled = format!("{title} Müller");
        finds(&titled, &[&titled]);
    }
    for joined in [
        "Dr.Müller",
        "Hr.Müller",
        "Sig.ra.Müller",
        "M.Müller",
        "Fam.Müller",
    ] {
        finds("Müller, Jan", &[joined]);
        finds(joined, &[joined]);
    }
    // An initial is no title.
    misses(
        "Nilsson, Jan",
        &["Nilsson M", "Jan D Nilsson", "Nilsson und Jan"],
    );
    finds("Jan van der Berg", &["Mr Jan van der Berg", "berg jan"]);
}
