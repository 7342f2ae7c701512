// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEmissions} from "../interfaces/IEmissions.sol";
import {IRoyalties} from "../interfaces/IRoyalties.sol";

/// @notice The data sets that work stands on, and how they share: as they share the model's revenue.
library DataSets {
    /// @notice The data set at a place and its weight, and the weights of all. None: zeros.
    function find(
        IRoyalties royalties,
        IEmissions.Work memory work,
        uint256 place
    ) internal view returns (uint256 dataset, uint256 weight, uint256 all) {
        if (work.kind == IEmissions.Kind.Run) {
            if (work.asset == 0) return (0, 0, 0);
            return place == 0 ? (work.asset, 1, 1) : (0, 0, 1);
        }
        IRoyalties.Parent[] memory parents = royalties.parentsOf(work.asset);
        for (uint256 i = 0; i < parents.length; i++) {
            if (parents[i].version == 0) continue;
            all += parents[i].bps;
            if (i == place) (dataset, weight) = (parents[i].asset, parents[i].bps);
        }
    }
}
