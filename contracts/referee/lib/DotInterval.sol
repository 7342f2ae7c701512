// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IJudge} from "../../interfaces/IJudge.sol";
import {Dot} from "./Dot.sol";
import {DotChain} from "./DotChain.sol";
import {Float32} from "./Float32.sol";

/// @title What an honest executor's binary32 dot product may be
/// @dev With q the lowest bit set in any product, every partial sum in any order is a multiple of q and at most the sum
/// of magnitudes S. Where S <= 2^24 · q, and q is no subnormal, every order is exact: the interval has no width.
/// Otherwise it is the exact sum ± c · 2^-24 · S, and 2 · 2^-126 a term for flushes. Let L be the longest chain of
/// additions: 256, or where kernels make longer ones the number of terms up to those. Permitted is up to the sharp
/// c = 8 · floor(sqrt(L)), void up to the kernel contract's c = L + ceil(terms / 256), convicted what lies beyond. The
/// products of subnormal operands widen it, with or without width, as a device may read those operands as zero.
library DotInterval {
    /// Found among products where an operand is infinite or NaN; the first two shifted by one if negative.
    uint256 private constant INFINITE = 1;
    uint256 private constant LARGE = 4;
    uint256 private constant MAY_BE_NAN = 16;
    uint256 private constant MUST_BE_NAN = 32;

    struct Sums {
        uint256 base;
        uint256 positive;
        uint256 negative;
        uint256 sharp;
        uint256 contracted;
    }

    /// @notice What is asked of a dot product, beside its operands.
    struct Question {
        uint256 terms;
        /// Whether some of a's zeros stand for padding, which an executor may multiply or skip.
        bool clipped;
        /// Whether results are rounded even where every sum is exact.
        bool rounded;
        /// The factors c of the two tiers, in units of 2^-24.
        uint256 sharp;
        uint256 contracted;
    }

    /// @notice The verdict under the kernel contract.
    /// @param longest The longest chain of additions that kernels make of any number of terms.
    /// @param clipped Whether some of a's zeros stand for padding, which an executor may multiply or skip.
    function judge(
        uint256 a,
        uint256 b,
        uint256 terms,
        uint256 longest,
        bool clipped,
        uint256 claimed
    ) internal pure returns (IJudge.Verdict) {
        unchecked {
            uint256 chain = Math.min(Math.max(terms, DotChain.LAID_OUT), longest);
            uint256 contracted = chain + (terms + DotChain.LAID_OUT - 1) / DotChain.LAID_OUT;
            return judge(a, b, Question(terms, clipped, false, Math.sqrt(chain) << 3, contracted), claimed);
        }
    }

    function judge(uint256 a, uint256 b, Question memory q, uint256 claimed) internal pure returns (IJudge.Verdict) {
        unchecked {
            if (q.terms > Dot.MAX_TERMS) revert IJudge.Judge_Operand(0);
            uint256 words = (q.terms + 7) >> 3;
            (uint256 base, bool special, bool subnormal) = Dot.load(a, b, words);
            if (special) return _special(a, b, q.terms, q.clipped, claimed);
            Sums memory s = _sums(a, b, words, base, q);
            if (subnormal) {
                Dot.flush(a, words);
                Dot.flush(b, words);
                (uint256 rest, , ) = Dot.accumulate(a, b, words, base);
                uint256 lost = s.positive + s.negative - rest;
                s.sharp += lost;
                s.contracted += lost;
            }
            if (Float32.magnitude(claimed) >= Float32.INFINITY) return _overflow(s, claimed);
            uint256 distance = _distance(s, claimed);
            if (distance <= s.sharp) return IJudge.Verdict.Permitted;
            return distance <= s.contracted ? IJudge.Verdict.Void : IJudge.Verdict.Convicted;
        }
    }

    function _sums(
        uint256 a,
        uint256 b,
        uint256 words,
        uint256 base,
        Question memory q
    ) private pure returns (Sums memory s) {
        unchecked {
            (uint256 total, uint256 negative, uint256 bits) = Dot.accumulate(a, b, words, base);
            (s.base, s.positive, s.negative) = (base, total - negative, negative);
            uint256 quantum = bits & (0 - bits);
            // not total <= quantum << 24, which can overflow
            bool exact = (total + 0xffffff) >> 24 <= quantum;
            exact = exact && (base >= 174 || quantum >> (174 - base) != 0);
            if (total == 0 || (exact && !q.rounded)) return s;
            uint256 small = q.terms << 48;
            if (base < 175) small += q.terms << (175 - base);
            uint256 ulps = (total >> 24) + 1;
            s.sharp = ulps * q.sharp + small;
            s.contracted = ulps * q.contracted + small;
        }
    }

    /// @dev |claimed - sum| in units, rounded up; claimed is finite.
    function _distance(Sums memory s, uint256 claimed) private pure returns (uint256 distance) {
        unchecked {
            (uint256 m, int256 e) = Float32.unpack(claimed);
            int256 shift = e + 150 - int256(s.base);
            uint256 lost;
            uint256 v;
            if (shift > 230) {
                if (m != 0) return type(uint256).max;
            } else if (shift >= 0) {
                v = m << uint256(shift);
            } else {
                v = m >> uint256(-shift);
                if (v << uint256(-shift) != m) lost = 1;
            }
            int256 d = int256(s.positive) - int256(s.negative);
            d = claimed & Float32.SIGN == 0 ? int256(v) - d : int256(v) + d;
            distance = uint256(d < 0 ? -d : d) + lost;
        }
    }

    /// @dev An infinity is honest only if partial sums of its sign may round to it, NaN only if both infinities may arise.
    /// Rounding errors help, but as long as nothing has overflowed they are far below half of the limit.
    function _overflow(Sums memory s, uint256 claimed) private pure returns (IJudge.Verdict) {
        unchecked {
            if (s.base < 174) return IJudge.Verdict.Convicted; // 2^15 terms below 2^111
            uint256 reach;
            if (claimed == Float32.INFINITY) reach = s.positive;
            else if (claimed == Float32.INFINITY | Float32.SIGN) reach = s.negative;
            else if (claimed == Float32.NAN) reach = s.positive < s.negative ? s.positive : s.negative;
            else return IJudge.Verdict.Convicted;
            uint256 limit = uint256(0x1ffffff) << (403 - s.base); // 2^128 - 2^103
            if (reach < limit >> 1) return IJudge.Verdict.Convicted;
            if (reach + s.sharp >= limit) return IJudge.Verdict.Permitted;
            return reach + s.contracted >= limit ? IJudge.Verdict.Void : IJudge.Verdict.Convicted;
        }
    }

    /// @dev Some operand is infinite or NaN. A finite product of 2^110 or more may, with others, overflow against an
    /// infinity; a subnormal operand may be read as zero.
    function _special(
        uint256 a,
        uint256 b,
        uint256 terms,
        bool clipped,
        uint256 claimed
    ) private pure returns (IJudge.Verdict) {
        unchecked {
            uint256 seen;
            for (uint256 i = 0; i < terms; ++i) {
                uint256 x;
                uint256 y;
                assembly ("memory-safe") {
                    x := shr(224, mload(add(a, shl(2, i))))
                    y := shr(224, mload(add(b, shl(2, i))))
                }
                uint256 negative = (x ^ y) >> 31;
                x = Float32.magnitude(x);
                y = Float32.magnitude(y);
                if (x < Float32.INFINITY && y < Float32.INFINITY) {
                    if ((x >> 23) + (y >> 23) >= 364) seen |= LARGE << negative;
                } else if (x > Float32.INFINITY || y > Float32.INFINITY || x == 0 || y == 0) {
                    if (clipped && x == 0) return IJudge.Verdict.Permitted;
                    seen |= MUST_BE_NAN;
                } else {
                    seen |= INFINITE << negative;
                    if (x < 0x800000 || y < 0x800000) seen |= MAY_BE_NAN;
                }
            }
            bool positive = seen & INFINITE != 0;
            bool mustNan = seen & MUST_BE_NAN != 0 || (positive && seen & (INFINITE << 1) != 0);
            bool mayNan = seen & MAY_BE_NAN != 0 || seen & (positive ? LARGE << 1 : LARGE) != 0;
            bool permitted =
                claimed == Float32.NAN
                    ? mustNan || mayNan
                    : !mustNan && claimed == (positive ? Float32.INFINITY : Float32.INFINITY | Float32.SIGN);
            return permitted ? IJudge.Verdict.Permitted : IJudge.Verdict.Convicted;
        }
    }
}
