// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Float32} from "./Float32.sol";

/// @title Fixed point with 64 fractional bits unless said, and elementary functions with errors below 2^-33
library Fixed {
    uint256 internal constant ONE = 1 << 64;
    uint256 internal constant LOG2_E = 26613026195688644983;
    /// A quarter turn, which makes a sine a cosine
    uint256 internal constant QUARTER = 1 << 190;

    uint256 private constant MASK = ONE - 1;
    /// with 96 fractional bits
    int256 private constant LN_2 = 54916777467707473351141471128;
    int256 private constant TWO_OVER_LN_2 = 228604154316148052805275351873;
    uint256 private constant SQRT_2 = 112045541949572279837463876454;
    uint256 private constant TWO_OVER_SQRT_PI = 20814921713516466458;
    uint256 private constant HALF_PI = 28976077832308491369;
    /// 1 / 2π, 256 bits
    uint256 private constant TURN = 0x28be60db9391054a7f09d5f47d4d377036d8a5664f10e4107f9458eaf7aef158;

    /// @notice A finite float, cut off towards zero.
    function fix(uint256 bits) internal pure returns (int256 x) {
        unchecked {
            (uint256 m, int256 e) = Float32.unpack(bits);
            x = int256(shift(m, e - 86));
            if (bits & Float32.SIGN != 0) x = -x;
        }
    }

    /// @notice x · 2^by, cut off; the caller keeps it below 2^256.
    function shift(uint256 x, int256 by) internal pure returns (uint256) {
        unchecked {
            return by < 0 ? x >> uint256(-by) : x << uint256(by);
        }
    }

    function abs(int256 x) internal pure returns (uint256) {
        unchecked {
            return uint256(x < 0 ? -x : x);
        }
    }

    /// @notice 2^-s = m · 2^(k - 64).
    /// @dev Chebyshev interpolation of degree 7 on the fraction. The detour over memory keeps the optimizer from computing
    /// the fraction seven times.
    function power(int256 s) internal pure returns (uint256 m, int256 k) {
        assembly ("memory-safe") {
            mstore(0, s)
            let f := shr(192, mload(24))
            m := sub(2716508691225519, shr(64, mul(199618684132469, f)))
            m := sub(24493474400855968, shr(64, mul(m, f)))
            m := sub(177375884092628817, shr(64, mul(m, f)))
            m := sub(1023858175218189958, shr(64, mul(m, f)))
            m := sub(4431395413656635806, shr(64, mul(m, f)))
            m := sub(12786308574951439165, shr(64, mul(m, f)))
            m := sub(18446744073161054266, shr(64, mul(m, f)))
            k := sub(0, sar(64, s))
        }
    }

    /// @notice e^x = m · 2^(k - 64).
    function exp(int256 x) internal pure returns (uint256 m, int256 k) {
        unchecked {
            return power((-x * int256(LOG2_E)) >> 64);
        }
    }

    /// @notice e^-d.
    function decay(uint256 d) internal pure returns (uint256) {
        unchecked {
            if (d >= 45 << 64) return 0;
            (uint256 m, int256 k) = exp(-int256(d));
            return m >> uint256(-k);
        }
    }

    /// @notice Binary logarithm of m · 2^e, with 96 fractional bits; 0 < m < 2^97.
    function log2(uint256 m, int256 e) internal pure returns (int256) {
        unchecked {
            uint256 top;
            assembly ("memory-safe") {
                top := sub(255, clz(m))
            }
            uint256 x = m << (96 - top);
            uint256 whole = x > SQRT_2 ? 1 : 0;
            int256 one = int256(uint256(1) << (96 + whole));
            // 2 artanh t, of which every next term is less than a 33rd
            int256 t = ((int256(x) - one) << 96) / (int256(x) + one);
            int256 square = (t * t) >> 96;
            int256 sum = t;
            for (int256 k = 3; t != 0; k += 2) {
                t = (t * square) / (1 << 96);
                sum += t / k;
            }
            return ((e + int256(top + whole)) << 96) + ((sum * TWO_OVER_LN_2) >> 96);
        }
    }

    /// @notice Natural logarithm of m · 2^e, with 96 fractional bits; 0 < m < 2^97.
    function ln(uint256 m, int256 e) internal pure returns (int256) {
        unchecked {
            return (log2(m, e) * LN_2) >> 96;
        }
    }

    /// @notice The error function of z.
    /// @dev 2/√π · e^(-z²) · Σ 2^n z^(2n+1) / (2n+1)!!, all terms of one sign.
    function erf(uint256 z) internal pure returns (uint256) {
        unchecked {
            if (z >= 6 * ONE) return ONE;
            uint256 square = (z * z) >> 64;
            uint256 sum = z;
            for (uint256 k = 3; z != 0; k += 2) {
                z = ((z * square) >> 63) / k;
                sum += z;
            }
            (uint256 m, int256 e) = exp(-int256(square));
            return (((sum * m) >> uint256(64 - e)) * TWO_OVER_SQRT_PI) >> 64;
        }
    }

    /// @notice The hyperbolic tangent of x; x < 2^200.
    function tanh(uint256 x) internal pure returns (uint256) {
        unchecked {
            uint256 e = decay(2 * x);
            return ((ONE - e) << 64) / (ONE + e);
        }
    }

    /// @notice How many turns a finite float is in radians: the fraction, with 192 bits, of its magnitude.
    function turns(uint256 bits) internal pure returns (uint256) {
        unchecked {
            (uint256 m, int256 e) = Float32.unpack(bits);
            if (e >= 150) return ((m * TURN) << uint256(e - 150)) >> 64;
            return ((m * (TURN >> 64)) >> uint256(150 - e)) & ((1 << 192) - 1);
        }
    }

    /// @notice The sine of a fraction of a turn, given with 192 bits.
    function sine(uint256 turn) internal pure returns (int256) {
        unchecked {
            uint256 quarter = (turn >> 190) & 3;
            uint256 angle = (((turn >> 126) & MASK) * HALF_PI) >> 64;
            uint256 square = (angle * angle) >> 64;
            // a Taylor series: of the sine from the angle on, of the cosine from one on
            uint256 term = quarter & 1 == 0 ? angle : ONE;
            int256 sum = int256(term);
            for (uint256 k = quarter & 1 == 0 ? 3 : 2; term != 0; k += 2) {
                term = ((term * square) >> 64) / (k * (k - 1));
                sum = k & 2 == 0 ? sum + int256(term) : sum - int256(term);
            }
            return quarter < 2 ? sum : -sum;
        }
    }
}
