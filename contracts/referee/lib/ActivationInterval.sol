// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ActivationOperators} from "./ActivationOperators.sol";
import {Fixed} from "./Fixed.sol";
import {Float32} from "./Float32.sol";
import {Interval, Intervals} from "./Interval.sol";

/// @title Intervals of element-wise functions at a finite operand
/// @dev Errors are multiples of 2^-24: of the result's scale where a function saturates, of the result elsewhere. The
/// contract's are what a device with WGSL's accuracy can reach; the sharp ones eight times the worst seen.
library ActivationInterval {
    /// 2^-24 in fixed point
    uint256 private constant U = 1 << 40;
    int256 private constant ONE = int256(Fixed.ONE);
    int256 private constant SIXTH = 3074457345618258602;
    uint256 private constant HALF_SQRT_2 = 13043817825332782212;
    uint256 private constant SQRT_2_OVER_PI = 14718372293494604904;
    uint256 private constant CUBE = 824846161255922600; // 0.044715
    int256 private constant MOST = 256 * ONE;

    /// @param x Finite; positive for Log, negative for Elu, not 0 for Reciprocal.
    /// @param first Attribute word 0, 0 where there is none.
    /// @param second Attribute word 1, 0 where there is none.
    function evaluate(
        ActivationOperators.Kind kind,
        uint256 x,
        uint256 first,
        uint256 second
    ) internal pure returns (Interval memory) {
        unchecked {
            if (kind == ActivationOperators.Kind.Exp) return _exponential(x);
            if (kind == ActivationOperators.Kind.Log) return _logarithm(x);
            if (kind == ActivationOperators.Kind.Sigmoid) return _sigmoid(x);
            if (kind == ActivationOperators.Kind.Softplus) return _softplus(x);
            if (kind == ActivationOperators.Kind.Gelu) return _gelu(x, first != 0);
            if (kind == ActivationOperators.Kind.HardSwish) return _hardSwish(x);
            if (kind == ActivationOperators.Kind.HardSigmoid) return _hardSigmoid(x, first, second);
            // alpha (e^x - 1)
            if (kind == ActivationOperators.Kind.Elu) {
                return _times(first, int256(Fixed.decay(Fixed.abs(Fixed.fix(x)))) - ONE, 24 * U, 64 * U);
            }
            if (kind == ActivationOperators.Kind.Sin) return _circular(x, 0);
            if (kind == ActivationOperators.Kind.Cos) return _circular(x, Fixed.QUARTER);
            if (kind == ActivationOperators.Kind.Reciprocal) return _reciprocal(x);
            uint256 size = Fixed.abs(Fixed.fix(x));
            if (kind == ActivationOperators.Kind.Erf) return _around(_signed(x, Fixed.erf(size)), 80 * U, 128 * U);
            return _around(_signed(x, Fixed.tanh(size)), 40 * U, 256 * U);
        }
    }

    function _signed(uint256 bits, uint256 magnitude) private pure returns (int256) {
        unchecked {
            return bits & Float32.SIGN == 0 ? int256(magnitude) : -int256(magnitude);
        }
    }

    function _around(int256 value, uint256 sharp, uint256 contracted) private pure returns (Interval memory) {
        return Interval(value, -64, sharp, contracted);
    }

    /// @dev x · factor, the errors being those of the factor.
    function _times(
        uint256 x,
        int256 factor,
        uint256 sharp,
        uint256 contracted
    ) private pure returns (Interval memory) {
        unchecked {
            (uint256 m, int256 e) = Float32.unpack(x);
            uint256 small = Intervals.underflow(e - 214);
            int256 value = (x & Float32.SIGN == 0 ? int256(m) : -int256(m)) * factor;
            return Interval(value, e - 214, m * sharp + small, m * contracted + small);
        }
    }

    function _exponential(uint256 bits) private pure returns (Interval memory) {
        unchecked {
            int256 x = Fixed.fix(bits);
            x =
                x > MOST
                    ? MOST
                    : x < -MOST
                        ? -MOST
                        : x;
            (uint256 m, int256 k) = Fixed.exp(x);
            uint256 small = Intervals.underflow(k < -236 ? -300 : k - 64);
            if (k < -236) return Interval(0, -300, small, small);
            uint256 sharp = 48 + (Fixed.abs(x) >> 61);
            return Interval(int256(m), k - 64, Intervals.ulps(m, sharp) + small, Intervals.ulps(m, 2 * sharp) + small);
        }
    }

    function _logarithm(uint256 bits) private pure returns (Interval memory) {
        unchecked {
            (uint256 m, int256 e) = Float32.unpack(bits);
            int256 value = Fixed.ln(m, e - 150);
            uint256 size = Fixed.abs(value);
            return Interval(value, -96, Intervals.ulps(size, 32) + (24 << 72), Intervals.ulps(size, 64) + (64 << 72));
        }
    }

    function _sigmoid(uint256 bits) private pure returns (Interval memory) {
        unchecked {
            uint256 e = Fixed.decay(Fixed.abs(Fixed.fix(bits)));
            uint256 part = bits & Float32.SIGN == 0 ? Fixed.ONE : e;
            return _around(int256((part << 64) / (Fixed.ONE + e)), 24 * U, 64 * U);
        }
    }

    function _softplus(uint256 bits) private pure returns (Interval memory) {
        unchecked {
            int256 x = Fixed.fix(bits);
            int256 value = Fixed.ln(Fixed.ONE + Fixed.decay(Fixed.abs(x)), -64) >> 32;
            if (x > 0) value += x;
            uint256 size = Fixed.abs(value);
            return _around(value, Intervals.ulps(size, 16) + 16 * U, Intervals.ulps(size, 32) + 64 * U);
        }
    }

    function _gelu(uint256 bits, bool approximate) private pure returns (Interval memory) {
        unchecked {
            uint256 size = Fixed.abs(Fixed.fix(bits));
            uint256 s = Fixed.ONE;
            if (size < 32 * Fixed.ONE) {
                uint256 cube = (((((size * size) >> 64) * size) >> 64) * CUBE) >> 64;
                s =
                    approximate
                        ? Fixed.tanh(((size + cube) * SQRT_2_OVER_PI) >> 64)
                        : Fixed.erf((size * HALF_SQRT_2) >> 64);
            }
            int256 factor = (ONE + _signed(bits, s)) >> 1;
            return approximate ? _times(bits, factor, 40 * U, 256 * U) : _times(bits, factor, 40 * U, 128 * U);
        }
    }

    /// @dev p + beta between 0 and 1, both having errors of `roundings`: its middle, and half its width.
    function _clamped(int256 p, int256 beta, uint256 roundings) private pure returns (int256 middle, uint256 half) {
        unchecked {
            int256 margin = int256(Intervals.ulps(Fixed.abs(p) + Fixed.abs(beta), roundings));
            int256 low = _clamp(p + beta - margin);
            int256 high = _clamp(p + beta + margin);
            middle = (low + high) >> 1;
            half = uint256(high - middle);
        }
    }

    function _clamp(int256 v) private pure returns (int256) {
        return
            v < 0
                ? int256(0)
                : v > ONE
                    ? ONE
                    : v;
    }

    function _hardSigmoid(uint256 bits, uint256 alpha, uint256 beta) private pure returns (Interval memory) {
        unchecked {
            (uint256 m, int256 e) = Float32.unpack(bits);
            (uint256 n, int256 f) = Float32.unpack(alpha);
            (int256 middle, uint256 half) = _clamped(
                _signed(bits ^ alpha, Fixed.shift(m * n, e + f - 236)),
                Fixed.fix(beta),
                4
            );
            return _around(middle, half, half);
        }
    }

    function _hardSwish(uint256 bits) private pure returns (Interval memory) {
        unchecked {
            (int256 middle, uint256 half) = _clamped((Fixed.fix(bits) * SIXTH) >> 64, ONE >> 1, 24);
            return _times(bits, middle, half + 4 * U, half + 4 * U);
        }
    }

    function _reciprocal(uint256 bits) private pure returns (Interval memory) {
        unchecked {
            (uint256 m, int256 e) = Float32.unpack(bits);
            uint256 size = (1 << 120) / m;
            uint256 small = Intervals.underflow(30 - e);
            return
                Interval(
                    _signed(bits, size),
                    30 - e,
                    Intervals.ulps(size, 8) + small,
                    Intervals.ulps(size, 16) + small
                );
        }
    }

    /// @dev Devices reduce large angles with an error that grows with them.
    function _circular(uint256 bits, uint256 quarter) private pure returns (Interval memory) {
        unchecked {
            int256 value = Fixed.sine((Fixed.turns(bits) + quarter) & ((1 << 192) - 1));
            if (quarter == 0 && bits & Float32.SIGN != 0) value = -value;
            return _around(value, 16 * U, 16384 * U + (Fixed.abs(Fixed.fix(bits)) >> 21));
        }
    }
}
