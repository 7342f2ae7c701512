// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IParameters} from "../interfaces/IParameters.sol";

/// @notice How the fee of verified work divides.
library FeeSplit {
    uint256 private constant BASIS = 10_000;

    /// @notice What of `amount` goes elsewhere than to who did the work, by the rules of the work's epoch.
    /// @param inMiel whether it is paid in MIEL: of any other token nothing is burned
    function split(
        IParameters parameters,
        uint16 epoch,
        uint256 amount,
        bool inMiel
    ) internal view returns (uint256 treasury, uint256 auditPool, uint256 burned) {
        (uint256 protocolFee, uint256 verificationFee, uint256 burnedShare) = parameters.feeRules(epoch);
        treasury = (amount * protocolFee) / BASIS;
        auditPool = (amount * verificationFee) / BASIS;
        if (!inMiel) return (treasury, auditPool, 0);
        burned = (treasury * burnedShare) / BASIS;
        treasury -= burned;
    }
}
