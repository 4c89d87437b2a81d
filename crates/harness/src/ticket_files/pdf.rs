/// A PDF of these objects, of which the first is its catalog, with an index of them.
pub fn pdf_of(objects: &[String]) -> Vec<u8> {
    let (mut file, mut entries) = ("%PDF-1.7\n".to_owned(), String::new());
    for (number, object) in (1..).zip(objects) {
        entries += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    // As wide in every document, so that an object always takes the same.
    let (start, size) = (file.len(), objects.len() + 1);
    file += &format!("xref\n0 {size}\n0000000000 65535 f \n{entries}");
    file += &format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start:010}\n%%EOF\n");
    file.into_bytes()
}

/// An object that is this content, with these entries in its dictionary.
pub fn stream_of(entries: &str, content: &str) -> String {
    format!("<< {entries} /Length {} >>\nstream\n{content}\nendstream", content.len())
}
