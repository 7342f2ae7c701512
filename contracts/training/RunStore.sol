// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaims} from "../interfaces/IClaims.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IPenalties} from "../interfaces/IPenalties.sol";
import {IRandomness} from "../interfaces/IRandomness.sol";
import {IRunEscrow} from "../interfaces/IRunEscrow.sol";
import {IRunRules} from "../interfaces/IRunRules.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {BatchId} from "./BatchId.sol";

/// @notice What the parts of the training registry share: storage, and the contracts that it reads.
abstract contract RunStore is ITrainingRegistry {
    /// @notice The contracts that a registry is deployed with.
    struct Contracts {
        IClaims claims;
        IStakeManager stake;
        IPenalties penalties;
        IParameters parameters;
        IRandomness randomness;
        IRunRules rules;
        address faults;
        IRunEscrow escrow;
    }

    uint256 internal constant BASIS = 10_000;
    /// @dev Every function that takes terms takes them first, so abi.encode(terms) lies in calldata already, and a batch
    /// behind it. Words that overflow their types make ids that no run has: `create` has {IRunRules} decode the
    /// terms, which refuses them.
    uint256 internal constant TERMS_END = 4 + 32 * 32;
    uint256 internal constant BATCH_END = TERMS_END + 8 * 32;

    IClaims internal immutable CLAIMS;
    IStakeManager internal immutable STAKE;
    IPenalties internal immutable PENALTIES;
    IParameters internal immutable PARAMETERS;
    IRandomness internal immutable RANDOMNESS;
    IRunRules internal immutable RULES;
    address internal immutable FAULTS;
    IRunEscrow internal immutable ESCROW;

    mapping(bytes32 runId => Run) internal _runs;
    mapping(bytes32 runId => Sums) internal _sums;
    mapping(bytes32 runId => bytes32) internal _seeds;
    /// @dev keccak256(abi.encode(parent, turn)) of every round that has begun; stale above the current one.
    mapping(bytes32 runId => mapping(uint256 round => bytes32)) internal _starts;
    mapping(bytes32 runId => mapping(address account => Trainer)) internal _trainers;
    mapping(bytes32 runId => mapping(uint256 index => Seat)) internal _seats;

    constructor(Contracts memory c) {
        (CLAIMS, STAKE, PENALTIES, PARAMETERS) = (c.claims, c.stake, c.penalties, c.parameters);
        (RANDOMNESS, RULES, FAULTS, ESCROW) = (c.randomness, c.rules, c.faults, c.escrow);
    }

    /// @inheritdoc ITrainingRegistry
    function runIdOf(Terms calldata) public pure returns (bytes32) {
        return keccak256(msg.data[4:TERMS_END]);
    }

    function _require(bytes32 runId, State state) internal view returns (Run memory row) {
        row = _runs[runId];
        if (row.state != state) _refuse(runId, row);
    }

    function _refuse(bytes32 runId, Run memory row) internal pure {
        revert TrainingRegistry_State(runId, row.state);
    }

    function _requireStart(bytes32 runId, uint256 round, bytes32 parent, uint256 turn) internal view {
        require(_starts[runId][round] == BatchId.start(parent, turn), TrainingRegistry_Round(round));
    }

    function _batchId(bytes32 runId, Batch memory batch) internal view returns (bytes32) {
        return BatchId.batchId(address(this), BatchId.subject(runId, batch));
    }
}
