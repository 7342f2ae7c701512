// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";

/// @notice What a contribution weighs in the running average of an aggregation.
library Weight {
    /// @notice Bits of float32(count of contribution `leaf` / counts up to it), rounded to nearest, ties to even.
    function share(
        ITrainingRegistry.Contribution[] calldata contributions,
        uint256 leaf
    ) internal pure returns (uint256) {
        uint256 sum;
        for (uint256 i = 0; i <= leaf; ++i) sum += contributions[i].count;
        return ratio(contributions[leaf].count, sum);
    }

    /// @notice Bits of float32(part / whole), 0 < part ≤ whole < 2^64.
    function ratio(uint256 part, uint256 whole) internal pure returns (uint256) {
        uint256 shift;
        while ((part << shift) < whole << 23) ++shift;
        uint256 quotient = (part << shift) / whole;
        uint256 twice = 2 * ((part << shift) % whole);
        if (twice > whole || (twice == whole && quotient & 1 == 1)) ++quotient;
        // a carry out of the significand is the next exponent's zero
        return ((149 - shift) << 23) + quotient;
    }
}
