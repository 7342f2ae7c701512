// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IJudge} from "../../interfaces/IJudge.sol";
import {Fixed} from "./Fixed.sol";
import {Float32} from "./Float32.sol";
import {Interval, Intervals} from "./Interval.sol";
import {Row} from "./Row.sol";

/// @title Softmax and its logarithm of a row
/// @dev With d the distance to the greatest element and u = 2^-24, an honest softmax is right to u · (32 + 8√n + 15d) on
/// every device seen, and to u · (64 + n + 16d) however the row is added up; plus a flush.
library SoftmaxRow {
    /// exponent field of 2^60: a float of this size and any other one are equal, or more than e^200 apart
    uint256 private constant LARGE = 187;
    /// that of 2^85, from twice which on a float may not fit into a word of fixed point; -2^63 takes its place
    uint256 private constant FAR = 212;

    function judge(
        Row memory row,
        uint256 place,
        bool logarithm,
        uint256 claimed
    ) internal pure returns (IJudge.Verdict) {
        unchecked {
            uint256 greatest = row.greatest();
            uint256 x = row.bits(place);
            // infinity less infinity, also where the whole row is masked
            if (Float32.magnitude(greatest) >= Float32.INFINITY) return _only(claimed == Float32.NAN);
            bool large = Float32.magnitude(greatest) >> 23 >= LARGE;
            uint256 sum = large ? _count(row, greatest) << 64 : 0;
            if (row.exponent > FAR && _silence(row)) return _only(claimed == Float32.NAN);
            if (Float32.magnitude(x) == Float32.INFINITY) {
                return _only(claimed == (logarithm ? Float32.INFINITY | Float32.SIGN : 0));
            }
            if (!large) sum = _sum(row, Fixed.fix(greatest));
            uint256 d = uint256(Fixed.fix(greatest) - Fixed.fix(x));
            return (logarithm ? _logarithm(row.length, d, sum) : _share(row.length, d, sum)).judge(claimed);
        }
    }

    function _only(bool permitted) private pure returns (IJudge.Verdict) {
        return permitted ? IJudge.Verdict.Permitted : IJudge.Verdict.Convicted;
    }

    function _share(uint256 n, uint256 d, uint256 sum) private pure returns (Interval memory) {
        unchecked {
            // below 2^-144 a flush covers it
            (uint256 m, int256 k) = d < 100 << 64 ? Fixed.exp(-int256(d)) : (0, int256(-145));
            uint256 value = (m << 128) / sum;
            uint256 small = Intervals.underflow(k - 128);
            d = (d >> 64) + 1;
            return
                Interval(
                    int256(value),
                    k - 128,
                    Intervals.ulps(value, 32 + 8 * Math.sqrt(n) + 15 * d) + small,
                    Intervals.ulps(value, 64 + n + 16 * d) + small
                );
        }
    }

    /// @dev -(d + ln sum): also right to sixteen units of the whole, thirty-two by the contract.
    function _logarithm(uint256 n, uint256 d, uint256 sum) private pure returns (Interval memory) {
        unchecked {
            int256 total = int256(d) + (Fixed.ln(sum, -64) >> 32);
            uint256 size = Fixed.abs(total);
            return
                Interval(
                    -total,
                    -64,
                    Intervals.ulps(size, 16) + ((32 + 8 * Math.sqrt(n)) << 40),
                    Intervals.ulps(size, 32) + ((64 + n) << 40)
                );
        }
    }

    /// @dev Replaces what is too far below the greatest element for `_sum` to shift it; says whether a NaN was among it.
    function _silence(Row memory row) private pure returns (bool nan) {
        assembly ("memory-safe") {
            let p := mload(row)
            for {
                let end := add(p, shl(2, mload(add(row, 32))))
            } lt(p, end) {
                p := add(p, 4)
            } {
                let w := mload(p)
                let magnitude := and(shr(224, w), 0x7fffffff)
                if gt(magnitude, 0x6a7fffff) {
                    nan := or(nan, gt(magnitude, 0x7f800000))
                    mstore(p, or(shl(224, 0xdf000000), shr(32, shl(32, w))))
                }
            }
        }
    }

    /// @dev Sum of e^(x - top). The detour over memory keeps the optimizer from computing the fraction seven times.
    function _sum(Row memory row, int256 top) private pure returns (uint256 total) {
        assembly ("memory-safe") {
            let p := mload(row)
            for {
                let end := add(p, shl(2, mload(add(row, 32))))
            } lt(p, end) {
                p := add(p, 4)
            } {
                let w := shr(224, mload(p))
                let t := shr(86, shl(and(shr(23, w), 0xff), or(and(w, 0x7fffff), 0x800000)))
                if shr(31, w) {
                    t := sub(0, t)
                }
                t := shr(64, mul(sub(top, t), 26613026195688644983))
                mstore(0, t)
                let f := shr(192, mload(24))
                let y := sub(2716508691225519, shr(64, mul(199618684132469, f)))
                y := sub(24493474400855968, shr(64, mul(y, f)))
                y := sub(177375884092628817, shr(64, mul(y, f)))
                y := sub(1023858175218189958, shr(64, mul(y, f)))
                y := sub(4431395413656635806, shr(64, mul(y, f)))
                y := sub(12786308574951439165, shr(64, mul(y, f)))
                y := sub(18446744073161054266, shr(64, mul(y, f)))
                total := add(total, shr(shr(64, t), y))
            }
        }
    }

    function _count(Row memory row, uint256 bits) private pure returns (uint256 count) {
        unchecked {
            for (uint256 i = 0; i < row.length; ++i) if (row.bits(i) == bits) ++count;
        }
    }
}
