// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IJudge} from "../../interfaces/IJudge.sol";
import {Affine} from "./Affine.sol";
import {Fixed} from "./Fixed.sol";
import {Float32} from "./Float32.sol";
import {Intervals} from "./Interval.sol";
import {Row} from "./Row.sol";

/// @title An element of a row, less the row's mean (if it is centred), over the root of its mean square plus epsilon
/// @dev u = 2^-24, y the result, s that root. An honest y is right to u · (16 |y| + c · Σ|x| / n s + c' · |y| · Σx² / n
/// s²) with c = c' = 24 + 4√n on every device seen, c more by n / 2 from STEADY on; c = 32 + n, c' = 32 + 2n and 32 |y|
/// however the row is added up. Without a mean y is right to the first and c · |y|. Where the mean is all but all of
/// the row, see `_nearlyConstant`.
library Normalization {
    /// beyond this exponent field (2^55) squares may overflow
    uint256 private constant LARGE = 182;
    uint256 private constant LEAST = 100;
    /// 2^-76, in units of 2^-104: a flush, over the least root judged
    uint256 private constant FLUSH = 1 << 28;
    /// 2^8, with 20 fractional bits: from there on the terms of a row are so alike that roundings of its sum add up
    uint256 private constant STEADY = 1 << 28;

    struct Sums {
        int256 sum;
        uint256 magnitudes;
        uint256 squares;
        /// n² times epsilon, in units of 2^(2 exponent - 428)
        uint256 epsilon;
    }

    /// @param epsilon Bits of a float from 0 to 2^-6.
    function judge(
        Row memory row,
        uint256 place,
        uint256 epsilon,
        bool centred,
        uint256 factor,
        uint256 bias,
        uint256 claimed
    ) internal pure returns (IJudge.Verdict) {
        unchecked {
            if (row.exponent == 255) {
                // infinity less, or over, infinity
                return _only(claimed == Float32.NAN || (!centred && claimed & ~Float32.SIGN == 0));
            }
            uint256 exponent = row.exponent < LEAST ? LEAST : row.exponent;
            Sums memory s = _sums(row, exponent);
            uint256 n = row.length;
            // n² times mean square and epsilon, in units of 2^(2 exponent - 428)
            uint256 spread = n * s.squares;
            int256 y = int256(n) * _element(row.bits(place), exponent);
            if (centred) {
                spread -= uint256(s.sum * s.sum);
                y -= s.sum;
            }
            {
                (uint256 m, int256 e) = Float32.unpack(epsilon);
                // a subnormal may be flushed
                if (epsilon > 0x7fffff) s.epsilon = Fixed.shift(n * n * m, e + 278 - 2 * int256(exponent));
                spread += Fixed.shift(n * n * m, e + 278 - 2 * int256(exponent));
            }
            // a device may overflow
            if (exponent > LARGE) return IJudge.Verdict.Permitted;
            // below 2^-100, it may lose everything
            int256 least = 328 - 2 * int256(exponent);
            if (spread == 0 || (least > 0 && spread >> uint256(least) < n * n)) {
                return claimed == Float32.NAN ? IJudge.Verdict.Permitted : IJudge.Verdict.Void;
            }
            if (factor & 0x7f800000 == Float32.INFINITY || bias & 0x7f800000 == Float32.INFINITY) {
                return _only(claimed & 0x7f800000 == Float32.INFINITY);
            }
            uint256 root = Math.sqrt(spread);
            Affine.Normal memory normal;
            normal.unit = -80;
            normal.y = (y << 80) / int256(root);
            bool singular;
            if (centred) singular = _centred(normal, s, n, Fixed.abs(y), root, ((n * s.squares) << 20) / spread);
            else _uncentred(normal, n);
            IJudge.Verdict verdict = Affine.scale(normal, factor, bias).judge(claimed);
            return singular && claimed & 0x7f800000 == Float32.INFINITY ? _atMostVoid(verdict) : verdict;
        }
    }

    function _only(bool permitted) private pure returns (IJudge.Verdict) {
        return permitted ? IJudge.Verdict.Permitted : IJudge.Verdict.Convicted;
    }

    function _atMostVoid(IJudge.Verdict verdict) private pure returns (IJudge.Verdict) {
        return Intervals.mildest(verdict, IJudge.Verdict.Void);
    }

    function _uncentred(Affine.Normal memory normal, uint256 n) private pure {
        unchecked {
            uint256 y = Fixed.abs(normal.y);
            normal.sharp = (40 + 4 * Math.sqrt(n)) * y + FLUSH;
            normal.contracted = (64 + n) * y + FLUSH;
        }
    }

    /// @param distance n times that of the element to the mean.
    /// @param condition Σx² / n s², with 20 fractional bits.
    /// @return singular Whether a device's variance and epsilon may cancel.
    function _centred(
        Affine.Normal memory normal,
        Sums memory s,
        uint256 n,
        uint256 distance,
        uint256 root,
        uint256 condition
    ) private pure returns (bool singular) {
        unchecked {
            uint256 y = Fixed.abs(normal.y);
            uint256 mean = (s.magnitudes << 80) / root; // Σ|x| / n s, with 80 fractional bits
            uint256 c = 24 + 4 * Math.sqrt(n);
            normal.sharp = 16 * y + FLUSH;
            uint256 first = (condition < STEADY ? c : c + n / 2) * mean;
            normal.sharp += condition < (1 << 43) / c ? first + ((c * condition * y) >> 20) : _nearlyConstant(first, y);
            c = 32 + 2 * n;
            normal.contracted = 32 * y + FLUSH;
            if (condition < (1 << 43) / c) {
                normal.contracted += (32 + n) * mean + ((c * condition * y) >> 20);
            } else {
                singular = true;
                uint256 most = _cancelled(s, n, distance);
                normal.contracted = most == Intervals.ANY ? most : normal.contracted + most;
            }
        }
    }

    /// @dev Where rounding may double a variance taken for Σx² / n less the mean's square. CPU kernels take it for the mean
    /// square of x less the rounded mean, which adds the square of the mean's error.
    /// @param mean Error of the mean over s, with 104 fractional bits.
    function _nearlyConstant(uint256 mean, uint256 y) private pure returns (uint256) {
        unchecked {
            uint256 t = mean >> 24;
            if (t >= 1 << 80) return mean + (y << 24);
            return mean + ((y * ((t * t) >> 80)) >> 56);
        }
    }

    /// @dev As far as a device gets whose variance is Σx² / n less the mean's square, whatever is lost there: what is left
    /// of it and epsilon is at least 2^-40 epsilon, or not above 0.
    function _cancelled(Sums memory s, uint256 n, uint256 distance) private pure returns (uint256) {
        unchecked {
            uint256 least = Math.sqrt(s.epsilon);
            if (least == 0) return Intervals.ANY;
            uint256 most = (distance << 80) / least + (((32 + n) * ((s.magnitudes << 80) / least)) >> 24) + 1;
            // beyond 2^107 · 2^20 all of binary32
            return most >> 187 != 0 ? Intervals.ANY : (most << 44) + (most << 33);
        }
    }

    /// @dev x in units of 2^(exponent - 214), cut off.
    function _element(uint256 x, uint256 exponent) private pure returns (int256 v) {
        unchecked {
            uint256 e = (x >> 23) & 0xff;
            v = int256((((x & 0x7fffff) | 0x800000) << 64) >> (exponent - e));
            if (x & Float32.SIGN != 0) v = -v;
        }
    }

    /// @dev Two lanes at a time: those that fill up the last word are zeros, which are cut off to nothing.
    function _sums(Row memory row, uint256 exponent) private pure returns (Sums memory s) {
        assembly ("memory-safe") {
            let p := mload(row)
            let magnitudes := 0
            let negatives := 0
            let squares := 0
            for {
                let end := add(p, shl(2, mload(add(row, 32))))
            } lt(p, end) {
                p := add(p, 8)
            } {
                let w := shr(224, mload(p))
                let v := shr(sub(exponent, and(shr(23, w), 0xff)), shl(64, or(and(w, 0x7fffff), 0x800000)))
                magnitudes := add(magnitudes, v)
                squares := add(squares, mul(v, v))
                negatives := add(negatives, mul(v, shr(31, w)))
                w := shr(224, mload(add(p, 4)))
                v := shr(sub(exponent, and(shr(23, w), 0xff)), shl(64, or(and(w, 0x7fffff), 0x800000)))
                magnitudes := add(magnitudes, v)
                squares := add(squares, mul(v, v))
                negatives := add(negatives, mul(v, shr(31, w)))
            }
            mstore(s, sub(magnitudes, shl(1, negatives)))
            mstore(add(s, 32), magnitudes)
            mstore(add(s, 64), squares)
        }
    }
}
