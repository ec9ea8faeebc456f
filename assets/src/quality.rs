//! How close a picture comes to another.

use crate::Picture;

/// Peak signal-to-noise ratio in decibels, over red, green and blue where `shown` is not transparent.
///
/// Infinite where the pictures are equal; 30 is good for a few colours, 40 is hard to tell apart. Dither lowers it and
/// looks better. `None` if the sizes differ.
#[must_use]
pub fn psnr(original: &Picture, shown: &Picture) -> Option<f64> {
    if original.size() != shown.size() {
        return None;
    }
    let (mut squares, mut channels) = (0_u64, 0_u64);
    for (a, b) in original.pixels().iter().zip(shown.pixels()).filter(|(_, b)| b[3] > 0) {
        let square = |(a, b): (&u8, &u8)| u64::from(a.abs_diff(*b)).pow(2);
        squares += a.iter().zip(b).take(3).map(square).sum::<u64>();
        channels += 3;
    }
    if squares == 0 {
        return Some(f64::INFINITY);
    }
    #[expect(clippy::cast_precision_loss, reason = "below 2^53: 2^25 pixels of 3 * 255^2")]
    let mean = squares as f64 / channels as f64;
    Some(10.0 * libm::log10(255.0 * 255.0 / mean))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(level: u8) -> Picture {
        Picture::from_rgba(2, 1, vec![[level, level, level, 255]; 2]).unwrap()
    }

    #[test]
    fn equal_pictures_are_infinitely_close() {
        assert_eq!(psnr(&picture(9), &picture(9)), Some(f64::INFINITY));
        assert_eq!(psnr(&picture(0), &picture(255)), Some(0.0));
        let tenth = psnr(&picture(0), &picture(25)).unwrap();
        assert!((tenth - 20.17).abs() < 0.01, "{tenth}");
        let other = Picture::from_rgba(1, 1, vec![[0; 4]]).unwrap();
        assert_eq!(psnr(&picture(0), &other), None);
    }
}
