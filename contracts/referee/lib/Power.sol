// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {Fixed} from "./Fixed.sol";
import {Float32} from "./Float32.sol";
import {Interval, Intervals} from "./Interval.sol";

/// @title Verdicts on powers x^y of floats
library Power {
    uint256 private constant ONE = 0x3f800000;
    uint256 private constant TWO = 0x40000000;
    int256 private constant MOST = 256 * int256(Fixed.ONE);

    /// @notice A device may read subnormal operands as zero.
    function judge(uint256 x, uint256 y, uint256 claimed) internal pure returns (IJudge.Verdict verdict) {
        verdict = _judge(x, y, claimed);
        uint256 base = Float32.isSubnormal(x) ? x & Float32.SIGN : x;
        if (base != x) verdict = Intervals.mildest(verdict, _judge(base, y, claimed));
        if (Float32.isSubnormal(y)) verdict = Intervals.mildest(verdict, _judge(base, y & Float32.SIGN, claimed));
    }

    function _judge(uint256 x, uint256 y, uint256 claimed) private pure returns (IJudge.Verdict) {
        uint256 size = Float32.magnitude(x);
        if (Float32.isNan(x) || Float32.isNan(y)) {
            return _only(claimed == Float32.NAN || (claimed == ONE && (Float32.isZero(y) || x == ONE)));
        }
        if (Float32.isZero(y)) return _only(claimed == ONE);
        if (Float32.magnitude(y) == Float32.INFINITY) {
            if (size == ONE) return _only(claimed == ONE || claimed == Float32.NAN);
            return _only(claimed == ((size > ONE) == (y & Float32.SIGN == 0) ? Float32.INFINITY : 0));
        }
        (bool integer, bool odd) = _parity(y);
        uint256 sign = odd ? x & Float32.SIGN : 0;
        if (size == 0 || size == Float32.INFINITY) {
            if ((size == 0) == (y & Float32.SIGN != 0)) return _only(claimed == sign | Float32.INFINITY);
            return _only(claimed == 0 || claimed == sign);
        }
        // WGSL leaves open what this is
        if (x & Float32.SIGN != 0 && !integer) {
            return claimed == Float32.NAN ? IJudge.Verdict.Permitted : IJudge.Verdict.Void;
        }
        return _interval(size, y, sign != 0).judge(claimed);
    }

    function _only(bool permitted) private pure returns (IJudge.Verdict) {
        return permitted ? IJudge.Verdict.Permitted : IJudge.Verdict.Convicted;
    }

    /// @dev All floats from 2^24 on are even.
    function _parity(uint256 y) private pure returns (bool integer, bool odd) {
        unchecked {
            (uint256 m, int256 e) = Float32.unpack(y);
            if (m == 0 || e > 150) return (true, false);
            if (e < 127) return (false, false);
            uint256 fraction = uint256(150 - e);
            integer = (m >> fraction) << fraction == m;
            odd = integer && (m >> fraction) & 1 == 1;
        }
    }

    /// @dev 2^(y log2 x), x not 0: devices have a relative error in the logarithm, next to 1 an absolute one.
    function _interval(uint256 x, uint256 y, bool negative) private pure returns (Interval memory) {
        unchecked {
            (uint256 m, int256 e) = Float32.unpack(x);
            int256 z = Fixed.log2(m, e - 150);
            uint256 loose = e == 126 || e == 127 || x == TWO ? 1 : 0;
            (m, e) = Float32.unpack(y);
            if (e < 182) z = (z * int256(m)) >> uint256(182 - e);
            else z = (z * int256(m)) << uint256(e - 182);
            if (y & Float32.SIGN != 0) z = -z;
            loose = 48 + ((16 * Fixed.abs(z)) >> 64) + loose * ((16 * Fixed.abs(Fixed.fix(y))) >> 64);
            z =
                z > MOST
                    ? MOST
                    : z < -MOST
                        ? -MOST
                        : z;
            uint256 sharp = 40 + (Fixed.abs(z) >> 61);
            (m, e) = Fixed.power(-z);
            uint256 small = Intervals.underflow(e < -236 ? -300 : e - 64);
            if (e < -236) (m, e) = (0, -236);
            return
                Interval(
                    negative ? -int256(m) : int256(m),
                    e - 64,
                    Intervals.ulps(m, sharp) + small,
                    loose >= 1 << 22 ? Intervals.ANY : Intervals.ulps(m, loose) + small
                );
        }
    }
}
