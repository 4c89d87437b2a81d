/// The dark modules of a code as the path of a picture: a rectangle for each run of them in a row. A module is `tall` high,
/// and they begin `margin` from the edges.
pub(super) fn outline(rows: impl IntoIterator<Item = Vec<bool>>, margin: usize, tall: usize) -> String {
    let mut outline = String::new();
    for (y, row) in rows.into_iter().enumerate() {
        let (mut left, top) = (margin, margin + y * tall);
        for run in row.chunk_by(|one, other| one == other) {
            let length = run.len();
            if run[0] {
                outline += &format!("M{left} {top}h{length}v{tall}h-{length}z");
            }
            left += length;
        }
    }
    outline
}
