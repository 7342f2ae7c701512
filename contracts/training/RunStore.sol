// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaims} from "../interfaces/IClaims.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IPenalties} from "../interfaces/IPenalties.sol";
import {IRandomness} from "../interfaces/IRandomness.sol";
import {IRunEscrow} from "../interfaces/IRunEscrow.sol";
import {IRunRules} from "../interfaces/IRunRules.sol";
import {IScoredRounds} from "../interfaces/IScoredRounds.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {BatchId, TERMS_END} from "./BatchId.sol";
import {PackedRun, PackedTrainer, packRun, packTrainer} from "./Packed.sol";

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
        IScoredRounds scores;
    }

    uint256 internal constant BASIS = 10_000;
    /// @dev Claims of a score: of what its round began from, of the update.
    uint32 internal constant SCORE_CLAIMS = 2;
    /// @dev A batch lies behind the terms.
    uint256 internal constant BATCH_END = TERMS_END + 8 * 32;

    IClaims internal immutable CLAIMS;
    IStakeManager internal immutable STAKE;
    IPenalties internal immutable PENALTIES;
    IParameters internal immutable PARAMETERS;
    IRandomness internal immutable RANDOMNESS;
    IRunRules internal immutable RULES;
    address internal immutable FAULTS;
    IRunEscrow internal immutable ESCROW;
    IScoredRounds internal immutable SCORES;

    mapping(bytes32 runId => PackedRun) private _runs;
    mapping(bytes32 runId => Sums) internal _sums;
    mapping(bytes32 runId => bytes32) internal _seeds;
    /// @dev How the round that had a turn began; never overwritten.
    mapping(bytes32 runId => mapping(uint256 turn => bytes32)) internal _starts;
    /// @dev Turn of a round; stale above the current one.
    mapping(bytes32 runId => mapping(uint256 round => uint256)) internal _turns;
    mapping(bytes32 runId => mapping(address account => PackedTrainer)) internal _trainers;
    mapping(bytes32 runId => mapping(uint256 index => Seat)) internal _seats;

    constructor(Contracts memory c) {
        (CLAIMS, STAKE, PENALTIES, PARAMETERS) = (c.claims, c.stake, c.penalties, c.parameters);
        (RANDOMNESS, RULES, FAULTS, ESCROW) = (c.randomness, c.rules, c.faults, c.escrow);
        SCORES = c.scores;
    }

    /// @inheritdoc ITrainingRegistry
    function runIdOf(Terms calldata) public pure returns (bytes32) {
        return keccak256(msg.data[4:TERMS_END]);
    }

    function _require(bytes32 runId, State state) internal view returns (Run memory row) {
        row = _run(runId);
        if (row.state != state) _refuse(runId, row);
    }

    function _refuse(bytes32 runId, Run memory row) internal pure {
        revert TrainingRegistry_State(runId, row.state);
    }

    function _run(bytes32 runId) internal view returns (Run memory) {
        return _runs[runId].unpackRun();
    }

    function _setRun(bytes32 runId, Run memory row) internal {
        _runs[runId] = packRun(row);
    }

    function _trainer(bytes32 runId, address account) internal view returns (Trainer memory) {
        return _trainers[runId][account].unpackTrainer();
    }

    function _setTrainer(bytes32 runId, address account, Trainer memory own) internal {
        _trainers[runId][account] = packTrainer(own);
    }

    function _batchId(bytes32 runId, Batch memory batch) internal view returns (bytes32) {
        return BatchId.batchId(address(this), BatchId.subject(runId, batch));
    }
}
