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
/// @dev u = 2^-24, y the result, s that root. An honest y is right to u · (16 |y| + c · Σ|x| / n s + c' · |y| · Σx² / n s²)
/// with c = c' = 24 + 4√n on every device seen; c = 32 + n, c' = 32 + 2n and 32 |y| however the row is added up. Where
/// the mean is all but all of the row the last term has no bound: devices take the variance for Σx² / n less the mean's
/// square. Without a mean y is right to the first and c · |y|.
library Normalization {
    /// beyond this exponent field (2^55) squares may overflow
    uint256 private constant LARGE = 182;
    uint256 private constant LEAST = 100;
    /// 2^-76, in units of 2^-104: a flush, over the least root judged
    uint256 private constant FLUSH = 1 << 28;

    struct Sums {
        int256 sum;
        uint256 magnitudes;
        uint256 squares;
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
                spread += Fixed.shift(n * n * m, e + 278 - 2 * int256(exponent));
            }
            // beyond, a device may overflow; below 2^-100, it may lose everything
            int256 least = 328 - 2 * int256(exponent);
            if (exponent > LARGE || spread == 0 || (least > 0 && spread >> uint256(least) < n * n)) {
                return IJudge.Verdict.Permitted;
            }
            if (factor & 0x7f800000 == Float32.INFINITY || bias & 0x7f800000 == Float32.INFINITY) {
                return _only(claimed & 0x7f800000 == Float32.INFINITY);
            }
            uint256 root = Math.sqrt(spread);
            Affine.Normal memory normal;
            normal.unit = -80;
            normal.y = (y << 80) / int256(root);
            _errors(normal, n, centred, (s.magnitudes << 80) / root, ((n * s.squares) << 20) / spread);
            return Affine.scale(normal, factor, bias).judge(claimed);
        }
    }

    function _only(bool permitted) private pure returns (IJudge.Verdict) {
        return permitted ? IJudge.Verdict.Permitted : IJudge.Verdict.Convicted;
    }

    /// @param mean Σ|x| / n s, with 80 fractional bits.
    /// @param condition Σx² / n s², with 20.
    function _errors(
        Affine.Normal memory normal,
        uint256 n,
        bool centred,
        uint256 mean,
        uint256 condition
    ) private pure {
        unchecked {
            uint256 y = Fixed.abs(normal.y);
            uint256 c = 24 + 4 * Math.sqrt(n);
            normal.sharp = 16 * y + FLUSH;
            normal.contracted = 32 * y + FLUSH;
            if (!centred) {
                normal.sharp += c * y;
                normal.contracted += (32 + n) * y;
                return;
            }
            normal.sharp = _centred(normal.sharp, c * mean, c, condition, y);
            normal.contracted = _centred(normal.contracted, (32 + n) * mean, 32 + 2 * n, condition, y);
        }
    }

    /// @dev No bound where the variance may be off by half.
    function _centred(
        uint256 first,
        uint256 mean,
        uint256 c,
        uint256 condition,
        uint256 y
    ) private pure returns (uint256) {
        unchecked {
            if (condition >= (1 << 43) / c) return Intervals.ANY;
            return first + mean + ((c * condition * y) >> 20);
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
