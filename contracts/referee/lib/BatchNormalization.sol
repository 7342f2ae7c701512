// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IJudge} from "../../interfaces/IJudge.sol";
import {Affine} from "./Affine.sol";
import {Float32} from "./Float32.sol";
import {Interval} from "./Interval.sol";

/// @title (x - mean) / √(variance + epsilon) · scale + bias, all given
/// @dev However the terms are grouped, right to 64 roundings of (|x| + |mean|) / √(variance + epsilon) · |scale|, or 128
/// by the contract.
library BatchNormalization {
    /// -2^-5
    uint256 private constant NEGATIVE = 0xbd000000;

    struct Operands {
        uint256 x;
        uint256 scale;
        uint256 bias;
        uint256 mean;
        uint256 variance;
        uint256 epsilon;
    }

    function judge(Operands memory o, uint256 claimed) internal pure returns (IJudge.Verdict) {
        unchecked {
            if (Float32.magnitude(o.variance) > Float32.INFINITY) {
                return claimed == Float32.NAN ? IJudge.Verdict.Permitted : IJudge.Verdict.Convicted;
            }
            // no root with any epsilon, but a device may clamp
            if (o.variance >= NEGATIVE) return claimed == Float32.NAN ? IJudge.Verdict.Permitted : IJudge.Verdict.Void;
            // no real variance: a device may give anything
            if (o.variance & Float32.SIGN != 0 || Float32.magnitude(o.variance) >= Float32.INFINITY) {
                return IJudge.Verdict.Permitted;
            }
            if (_special(o.x) || _special(o.mean) || _special(o.scale) || _special(o.bias)) {
                return _special(claimed) ? IJudge.Verdict.Permitted : IJudge.Verdict.Convicted;
            }
            (uint256 root, int256 half) = _root(o.variance, o.epsilon);
            if (root == 0) return IJudge.Verdict.Permitted;
            Interval memory interval = Affine.scale(_normal(o, root, half), o.scale, o.bias);
            // terms of 2^127 may overflow before they cancel
            int256 by = 108 - interval.unit;
            if (by < 1 || interval.contracted >> uint256(by) != 0) return IJudge.Verdict.Permitted;
            return interval.judge(claimed);
        }
    }

    function _special(uint256 bits) private pure returns (bool) {
        return bits & 0x7f800000 == 0x7f800000;
    }

    /// @dev √(variance + epsilon) = root · 2^half, 0 if the sum may be flushed.
    function _root(uint256 variance, uint256 epsilon) private pure returns (uint256 root, int256 half) {
        unchecked {
            (uint256 m, int256 e) = Float32.unpack(variance);
            (uint256 k, int256 f) = Float32.unpack(epsilon);
            int256 top = e > f ? e : f;
            uint256 sum = ((m << 100) >> uint256(top - e)) + ((k << 100) >> uint256(top - f));
            if (top < 2) return (0, 0);
            uint256 odd = uint256(top) & 1;
            root = Math.sqrt(sum << (120 + odd));
            half = (top - 370 - int256(odd)) / 2;
        }
    }

    function _normal(Operands memory o, uint256 root, int256 half) private pure returns (Affine.Normal memory normal) {
        unchecked {
            (uint256 m, int256 e) = Float32.unpack(o.x);
            (uint256 k, int256 f) = Float32.unpack(o.mean);
            int256 top = e > f ? e : f;
            m = (m << 64) >> uint256(top - e);
            k = (k << 64) >> uint256(top - f);
            uint256 both = (((m + k) << 120) / root) + 1;
            int256 difference = o.x & Float32.SIGN == 0 ? int256(m) : -int256(m);
            difference -= o.mean & Float32.SIGN == 0 ? int256(k) : -int256(k);
            normal.y = (difference << 120) / int256(root);
            normal.unit = top - 334 - half;
            normal.sharp = 64 * both;
            normal.contracted = 128 * both;
        }
    }
}
