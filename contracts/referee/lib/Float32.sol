// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title IEEE 754 binary32 arithmetic on bit patterns, round to nearest even, subnormals exact
/// @dev A result carries `TINY` where the exact value is nonzero and below 2^-126 in magnitude, so that a caller may
/// also permit its flush to zero. Every NaN result is the canonical one.
library Float32 {
    uint256 internal constant SIGN = 0x80000000;
    uint256 internal constant INFINITY = 0x7f800000;
    uint256 internal constant NAN = 0x7fc00000;
    uint256 internal constant TINY = 1 << 32;

    enum Rounding {
        Floor,
        Ceil,
        Even
    }

    function magnitude(uint256 x) internal pure returns (uint256) {
        return x & 0x7fffffff;
    }

    function isNan(uint256 x) internal pure returns (bool) {
        return magnitude(x) > INFINITY;
    }

    function isZero(uint256 x) internal pure returns (bool) {
        return magnitude(x) == 0;
    }

    function isSubnormal(uint256 x) internal pure returns (bool) {
        unchecked {
            return magnitude(x) - 1 < 0x7fffff;
        }
    }

    /// @dev Orders all floats but NaN as integers; zeros of both signs are equal.
    function key(uint256 x) internal pure returns (int256) {
        return x & SIGN == 0 ? int256(magnitude(x)) : -int256(magnitude(x));
    }

    /// @dev A finite x is (-1)^sign · m · 2^(e - 150).
    function unpack(uint256 x) internal pure returns (uint256 m, int256 e) {
        unchecked {
            uint256 field = (x >> 23) & 0xff;
            m = x & 0x7fffff;
            if (field == 0) return (m, 1);
            return (m | 0x800000, int256(field));
        }
    }

    /// @dev The float nearest to m · 2^(e - 150), 0 < m < 2^128; a caller that cut digits off m sets its lowest bit,
    /// and m then has more than 26 bits.
    function round(uint256 sign, uint256 m, int256 e) internal pure returns (uint256 bits) {
        unchecked {
            uint256 top;
            assembly ("memory-safe") {
                top := sub(255, clz(m))
            }
            int256 exponent = e + int256(top) - 23;
            if (exponent > 254) return sign | INFINITY;
            int256 shift = exponent - e;
            if (exponent < 1) {
                sign |= TINY;
                exponent = 1;
                shift = 1 - e;
            }
            if (shift > 0) bits = shiftEven(m, uint256(shift));
            else bits = m << uint256(-shift);
            // a carry into bit 24 raises the exponent as it should, up to infinity
            bits = sign | (bits + (uint256(exponent - 1) << 23));
        }
    }

    /// @dev m / 2^shift to the nearest integer, ties to even; m < 2^128.
    function shiftEven(uint256 m, uint256 shift) internal pure returns (uint256 q) {
        unchecked {
            if (shift > 200) return 0;
            q = m >> shift;
            uint256 rest = (m - (q << shift)) << 1;
            uint256 one = uint256(1) << shift;
            if (rest > one || (rest == one && q & 1 == 1)) ++q;
        }
    }

    function add(uint256 a, uint256 b) internal pure returns (uint256) {
        unchecked {
            if (magnitude(b) > magnitude(a)) (a, b) = (b, a);
            if (magnitude(a) >= INFINITY) {
                if (isNan(a) || (magnitude(b) == INFINITY && a != b)) return NAN;
                return a;
            }
            (uint256 ma, int256 ea) = unpack(a);
            (uint256 mb, int256 eb) = unpack(b);
            ma <<= 60;
            uint256 gap = uint256(ea - eb);
            if (gap <= 60) mb <<= 60 - gap;
            else if (mb != 0) mb = 1;
            uint256 m = (a ^ b) & SIGN == 0 ? ma + mb : ma - mb;
            if (m == 0) return a & b & SIGN;
            return round(a & SIGN, m, ea - 60);
        }
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        return add(a, b ^ SIGN);
    }

    function mul(uint256 a, uint256 b) internal pure returns (uint256) {
        unchecked {
            if (isNan(a) || isNan(b)) return NAN;
            uint256 sign = (a ^ b) & SIGN;
            if (magnitude(a) == INFINITY || magnitude(b) == INFINITY) {
                return isZero(a) || isZero(b) ? NAN : sign | INFINITY;
            }
            (uint256 ma, int256 ea) = unpack(a);
            (uint256 mb, int256 eb) = unpack(b);
            return ma * mb == 0 ? sign : round(sign, ma * mb, ea + eb - 150);
        }
    }

    function div(uint256 a, uint256 b) internal pure returns (uint256) {
        unchecked {
            if (isNan(a) || isNan(b)) return NAN;
            uint256 sign = (a ^ b) & SIGN;
            if (magnitude(a) == INFINITY) return magnitude(b) == INFINITY ? NAN : sign | INFINITY;
            if (magnitude(b) == INFINITY) return sign;
            if (isZero(b)) return isZero(a) ? NAN : sign | INFINITY;
            if (isZero(a)) return sign;
            (uint256 ma, int256 ea) = unpack(a);
            (uint256 mb, int256 eb) = unpack(b);
            ma <<= 60;
            uint256 q = ma / mb;
            if (q * mb != ma) q |= 1;
            return round(sign, q, ea - eb + 90);
        }
    }

    function sqrt(uint256 x) internal pure returns (uint256) {
        unchecked {
            if (isNan(x)) return NAN;
            if (isZero(x)) return x;
            if (x & SIGN != 0) return NAN;
            if (x == INFINITY) return x;
            (uint256 m, int256 e) = unpack(x);
            uint256 shift = 60 + (uint256(e) & 1); // makes the exponent even
            m <<= shift;
            uint256 root = Math.sqrt(m);
            if (root * root != m) root |= 1;
            return round(0, root, (e - 150 - int256(shift)) / 2 + 150);
        }
    }

    function roundToInteger(uint256 x, Rounding mode) internal pure returns (uint256) {
        unchecked {
            if (isNan(x)) return NAN;
            (uint256 m, int256 e) = unpack(x);
            if (e >= 150 || m == 0) return x;
            uint256 shift = uint256(150 - e);
            uint256 q = m >> shift;
            if (mode == Rounding.Even) q = shiftEven(m, shift);
            else if (q << shift != m && (mode == Rounding.Floor) == (x & SIGN != 0)) ++q;
            return q == 0 ? x & SIGN : round(x & SIGN, q, 150);
        }
    }

    function fromInteger(int256 x) internal pure returns (uint256) {
        unchecked {
            if (x == 0) return 0;
            return x < 0 ? round(SIGN, uint256(-x), 150) : round(0, uint256(x), 150);
        }
    }

    /// @dev Towards zero; x is finite.
    function toInteger(uint256 x) internal pure returns (int256 y) {
        unchecked {
            (uint256 m, int256 e) = unpack(x);
            y = int256(e >= 150 ? m << uint256(e - 150) : m >> uint256(150 - e));
            if (x & SIGN != 0) y = -y;
        }
    }
}
