//! Writes a specimen of every sheet into a folder, for eyes and for the checks of `tests/paper`.
//!
//! `cargo run -p maincourante-paper --example specimens -- DIR`

use std::path::PathBuf;

#[path = "../tests/people/mod.rs"]
mod people;

fn main() -> Result<(), maincourante_kernel::Failure> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or(maincourante_kernel::Failure::new("which folder?"))?);
    std::fs::create_dir_all(&folder)?;
    let press = maincourante_paper::Press::new()?;
    for (name, specimen) in people::specimens() {
        let started = std::time::Instant::now();
        let sheet = specimen.print(&press)?;
        println!("{name}: {} pages, {} bytes, {} ms", sheet.pages, sheet.pdf.len(), started.elapsed().as_millis());
        std::fs::write(folder.join(format!("{name}.pdf")), &sheet.pdf)?;
    }
    Ok(())
}
