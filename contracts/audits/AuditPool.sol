// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccusations} from "../interfaces/IAccusations.sol";
import {IAvailability} from "../interfaces/IAvailability.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IClient} from "../interfaces/IClient.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IRandomness} from "../interfaces/IRandomness.sol";
import {IReferee} from "../interfaces/IReferee.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {Assignments} from "./Assignments.sol";
import {AuditFaults} from "./AuditFaults.sol";
import {AuditPay} from "./AuditPay.sol";
import {Seats} from "./Seats.sol";

/// @notice Rules, limits and warnings: {IAuditPool}.
contract AuditPool is AuditPay {
    struct Contracts {
        IClaims claims;
        IStakeManager stake;
        address penalties;
        IJobMarket market;
        IParameters parameters;
        IRandomness randomness;
        IReferee referee;
        IAvailability availability;
        IAccusations accusations;
        address miel;
    }

    constructor(
        Contracts memory its
    )
        Seats(its.stake, its.penalties, its.parameters)
        Assignments(its.claims, its.market, its.randomness, its.miel)
        AuditFaults(its.referee, its.availability, its.accusations)
    {}

    /// @inheritdoc IClient
    function injured(bytes32, bytes calldata) external pure returns (address) {
        return address(0);
    }

    /// @inheritdoc IClient
    function requester(bytes32, bytes calldata) external pure returns (address) {
        return address(0);
    }
}
