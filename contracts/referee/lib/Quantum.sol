// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Elements} from "./Elements.sol";
import {Float32} from "./Float32.sol";

/// @title Which integers a real value may be quantised to
/// @dev The value is rounded to nearest even, moved by the zero point and kept within the type. Engines round on the
/// way: only where the exact value lies within their slack of the middle between two integers are both permitted.
library Quantum {
    /// Digits after the point of fixed-point values.
    uint256 private constant FRACTION = 40;
    uint256 private constant HALF = 1 << (FRACTION - 1);
    /// Beyond every type's limits.
    uint256 private constant HUGE = 1 << 60;

    /// @notice A value m / n · 2^e, engines' relative error of it, and what becomes of its rounding.
    struct Value {
        bool negative;
        /// Below 2^100.
        uint256 m;
        /// Below 2^26, not 0.
        uint256 n;
        int256 e;
        /// Engines are off by at most 2^-slack; 0: they are not off.
        uint256 slack;
        /// A device may read it as zero.
        bool flushed;
        uint256 kind;
        int256 zero;
    }

    function permits(Value memory v, uint256 claimed) internal pure returns (bool) {
        unchecked {
            (uint256 fixedPoint, bool rest) = _fixed(v);
            uint256 low;
            uint256 high;
            if (v.slack == 0) {
                low = (fixedPoint + HALF) >> FRACTION;
                if (!rest && fixedPoint & (2 * HALF - 1) == HALF) low &= ~uint256(1);
                high = low;
            } else {
                uint256 width = (fixedPoint >> v.slack) + 1;
                low = fixedPoint < width ? 0 : (fixedPoint - width + HALF - 1) >> FRACTION;
                high = (fixedPoint + width + 1 + HALF) >> FRACTION;
            }
            if (v.flushed) low = 0;
            int256 from = v.zero + (v.negative ? -int256(high) : int256(low));
            int256 to = v.zero + (v.negative ? -int256(low) : int256(high));
            int256 number = Elements.value(claimed, v.kind);
            return number >= _within(from, v.kind) && number <= _within(to, v.kind);
        }
    }

    /// @notice Whether a scale is one that engines agree on: positive, finite and normal.
    function isScale(uint256 bits) internal pure returns (bool) {
        return bits >= 0x00800000 && bits < Float32.INFINITY;
    }

    function isPowerOfTwo(uint256 bits) internal pure returns (bool) {
        return bits & 0x7fffff == 0;
    }

    /// @dev The value's magnitude with FRACTION digits, cut off; whether anything was.
    function _fixed(Value memory v) private pure returns (uint256 q, bool rest) {
        unchecked {
            int256 shift = v.e + int256(FRACTION);
            if (v.m == 0) return (0, false);
            if (shift > 140) return (HUGE << FRACTION, false);
            if (shift < -220) return (0, true);
            uint256 m = shift > 0 ? v.m << uint256(shift) : v.m;
            uint256 n = shift < 0 ? v.n << uint256(-shift) : v.n;
            q = m / n;
            rest = q * n != m;
            if (q > HUGE << FRACTION) (q, rest) = (HUGE << FRACTION, false);
        }
    }

    function _within(int256 number, uint256 kind) private pure returns (int256) {
        unchecked {
            int256 half = int256(1 << (8 * Elements.size(kind) - 1));
            (int256 least, int256 most) = Elements.isSigned(kind) ? (-half, half - 1) : (int256(0), 2 * half - 1);
            return
                number < least
                    ? least
                    : number > most
                        ? most
                        : number;
        }
    }
}
