// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IFeeBurn} from "../interfaces/IFeeBurn.sol";
import {IMielToken} from "../interfaces/IMielToken.sol";

/// @notice Rules, limits and warnings: {IFeeBurn}.
abstract contract FeeBurn is IFeeBurn {
    IMielToken internal immutable MIEL;

    /// @inheritdoc IFeeBurn
    uint256 public feesToBurn;

    constructor(IMielToken miel) {
        MIEL = miel;
    }

    /// @inheritdoc IFeeBurn
    function burnFees() external {
        uint256 amount = feesToBurn;
        require(amount != 0, FeeBurn_Nothing());
        feesToBurn = 0;
        emit FeesBurned(amount);
        MIEL.burn(amount);
    }

    function _burnFee(uint256 amount) internal {
        if (amount != 0) feesToBurn += amount;
    }
}
