// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";

/// @notice What the backers of a run have to lock.
library Budget {
    /// @notice Every step of every seat, every aggregation, and the data set's price.
    function whole(ITrainingRegistry.Terms memory terms, uint256 dataPrice) internal pure returns (uint256) {
        uint256 round = uint256(terms.seats) * terms.steps * terms.feePerStep;
        if (terms.seats > 1) round += terms.aggregationFee;
        return terms.rounds * round + dataPrice;
    }
}
