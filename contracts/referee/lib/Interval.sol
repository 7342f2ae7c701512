// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {Fixed} from "./Fixed.sol";
import {Float32} from "./Float32.sol";

/// @title The exact value · 2^unit, and how far from it an honest result may lie, in the same unit
/// @dev `sharp` on every device seen, `contracted` on any that keeps the kernel contract. |value| < 2^254.
struct Interval {
    int256 value;
    int256 unit;
    uint256 sharp;
    uint256 contracted;
}

using Intervals for Interval global;

library Intervals {
    /// the bound of errors that have none
    uint256 internal constant ANY = type(uint256).max;

    /// @notice Verdict on a claimed float. An infinity is honest where twice the value, an intermediate result say, may
    /// overflow.
    function judge(Interval memory self, uint256 claimed) internal pure returns (IJudge.Verdict) {
        unchecked {
            uint256 distance = _distance(self, claimed);
            if (distance <= self.sharp) return IJudge.Verdict.Permitted;
            return distance <= self.contracted ? IJudge.Verdict.Void : IJudge.Verdict.Convicted;
        }
    }

    /// @notice What a result below 2^-126 loses where it is flushed, in units of 2^unit; unit >= -380.
    function flushed(int256 unit) internal pure returns (uint256) {
        unchecked {
            return unit >= -126 ? 1 : 1 << uint256(-126 - unit);
        }
    }

    /// @notice The same 16 times over, so that an honest flush is far from the bound; unit >= -370.
    function underflow(int256 unit) internal pure returns (uint256) {
        unchecked {
            return flushed(unit) << 4;
        }
    }

    /// @notice `factor` times 2^-24 of a magnitude.
    function ulps(uint256 magnitude, uint256 factor) internal pure returns (uint256) {
        unchecked {
            return ((magnitude * factor) >> 24) + 1;
        }
    }

    /// @notice The mildest of two verdicts.
    function mildest(IJudge.Verdict a, IJudge.Verdict b) internal pure returns (IJudge.Verdict) {
        return a < b ? a : b;
    }

    /// @dev In units, rounded up; ANY if there is none.
    function _distance(Interval memory self, uint256 claimed) private pure returns (uint256) {
        unchecked {
            if (Float32.magnitude(claimed) >= Float32.INFINITY || claimed >> 32 != 0) return _overflow(self, claimed);
            (uint256 m, int256 e) = Float32.unpack(claimed);
            int256 by = e - 150 - self.unit;
            if (by > 225) return m == 0 ? Fixed.abs(self.value) : ANY;
            uint256 v = Fixed.shift(m, by);
            uint256 cut = by < 0 && v << uint256(-by) != m ? 1 : 0;
            return Fixed.abs((claimed & Float32.SIGN == 0 ? int256(v) : -int256(v)) - self.value) + cut;
        }
    }

    function _overflow(Interval memory self, uint256 claimed) private pure returns (uint256) {
        unchecked {
            if (claimed & ~Float32.SIGN != Float32.INFINITY) return ANY;
            int256 by = 103 - self.unit;
            if (by > 225) return ANY;
            int256 missing = int256(Fixed.shift(0x1ffffff, by)); // 2^128 - 2^103
            missing -= 2 * (claimed & Float32.SIGN == 0 ? self.value : -self.value);
            return missing > 0 ? uint256(missing) : 0;
        }
    }
}
