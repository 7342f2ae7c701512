// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Fixed} from "./Fixed.sol";
import {Float32} from "./Float32.sol";
import {Interval, Intervals} from "./Interval.sol";

/// @title The last step of a normalisation: scale · y + bias
library Affine {
    /// y · 2^unit, and the errors of y in that unit times 2^24.
    struct Normal {
        int256 y;
        int256 unit;
        uint256 sharp;
        uint256 contracted;
    }

    /// @dev The errors of the product and the sum are the caller's, as those of y; that of the bias is eight roundings,
    /// sixteen by the contract. Errors without bound stay so.
    function scale(Normal memory n, uint256 factor, uint256 bias) internal pure returns (Interval memory interval) {
        unchecked {
            (uint256 g, int256 e) = Float32.unpack(factor);
            (uint256 b, int256 f) = Float32.unpack(bias);
            e += n.unit - 150;
            f -= 150;
            int256 unit = e > f - 100 ? e : f - 100;
            if (unit < -330) unit = -330;
            interval.unit = unit;
            int256 value = int256(Fixed.shift(Fixed.abs(n.y) * g, e - unit));
            interval.value = (n.y < 0) == (factor & Float32.SIGN == 0) ? -value : value;
            b = Fixed.shift(b, f - unit);
            interval.value += bias & Float32.SIGN == 0 ? int256(b) : -int256(b);
            uint256 small = Intervals.flushed(unit) + 4;
            interval.sharp = _bound(n.sharp, g, e - unit, Intervals.ulps(b, 8) + small);
            interval.contracted = _bound(n.contracted, g, e - unit, Intervals.ulps(b, 16) + small);
        }
    }

    function _bound(uint256 margin, uint256 g, int256 by, uint256 rest) private pure returns (uint256) {
        unchecked {
            return margin == Intervals.ANY ? Intervals.ANY : Fixed.shift((margin * g) >> 24, by) + rest;
        }
    }
}
