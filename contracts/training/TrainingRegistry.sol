// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaims} from "../interfaces/IClaims.sol";
import {IClient} from "../interfaces/IClient.sol";
import {IStepFaults} from "../interfaces/IStepFaults.sol";
import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {BatchId} from "./BatchId.sol";
import {Funding} from "./Funding.sol";
import {Payouts} from "./Payouts.sol";
import {RunStore} from "./RunStore.sol";

/// @notice Rules, limits and warnings: {ITrainingRegistry}.
contract TrainingRegistry is Funding, Payouts {
    using BatchId for Contribution[];

    constructor(Contracts memory contracts) RunStore(contracts) {}

    /// @inheritdoc ITrainingRegistry
    function proveFault(
        Terms calldata terms,
        Batch calldata batch,
        Contribution[] calldata contributions,
        IStepFaults.Fault fault,
        bytes calldata proof,
        bytes32 salt
    ) external {
        bytes32 runId = runIdOf(terms);
        bytes32 batchId = _batchId(runId, batch);
        ACCUSATIONS.check(batchId, keccak256(proof), msg.sender, salt);
        (bytes32 columnsRoot, , , ) = DATASETS.version(terms.dataset, terms.version);
        IStepFaults.Facts memory facts = IStepFaults.Facts(
            address(this),
            runId,
            CLAIMS.batch(batchId).root,
            _seeds[runId],
            columnsRoot
        );
        uint32 leaf = FAULTS.leafAtFault(fault, terms, batch, contributions, facts, proof);
        CLAIMS.reject(batchId, leaf, msg.sender);
    }

    /// @inheritdoc ITrainingRegistry
    function proveContribution(
        bytes32 runId,
        Batch calldata batch,
        Contribution[] calldata contributions,
        uint24 turn,
        uint256 index,
        bytes32 salt
    ) external {
        bytes32 batchId = _batchId(runId, batch);
        ACCUSATIONS.check(batchId, keccak256(abi.encode(turn, index)), msg.sender, salt);
        require(batch.contributions == contributions.digest(), TrainingRegistry_NotTheBatch(batchId));
        _requireStart(runId, batch.round, batch.parent, turn);
        require(_inRun(runId, _runs[runId], batch), TrainingRegistry_NoFault());
        Contribution calldata shown = contributions[index];
        Batch memory named = Batch(
            batch.round,
            turn,
            shown.seat,
            shown.trainer,
            shown.count,
            batch.parent,
            shown.checkpoint,
            0
        );
        IClaims.State state = CLAIMS.state(_batchId(runId, named));
        bool dropped =
            state == IClaims.State.Rejected && (_trainers[runId][shown.trainer].open >> (turn % 16)) & 1 == 0;
        require(state == IClaims.State.None || dropped, TrainingRegistry_NoFault());
        CLAIMS.reject(batchId, uint32(index), msg.sender);
    }

    /// @inheritdoc IClient
    function injured(bytes32 batchId, bytes calldata data) external view returns (address) {
        requester(batchId, data);
        return address(this);
    }

    /// @inheritdoc IClient
    function requester(bytes32 batchId, bytes calldata data) public view returns (address) {
        (Terms memory terms, Batch memory batch) = abi.decode(data, (Terms, Batch));
        require(_batchId(keccak256(abi.encode(terms)), batch) == batchId, TrainingRegistry_NotTheBatch(batchId));
        return terms.initiator;
    }

    /// @inheritdoc ITrainingRegistry
    function run(bytes32 runId) external view returns (Run memory) {
        return _runs[runId];
    }

    /// @inheritdoc ITrainingRegistry
    function money(bytes32 runId) external view returns (Money memory) {
        return _money[runId];
    }

    /// @inheritdoc ITrainingRegistry
    function seed(bytes32 runId) external view returns (bytes32) {
        return _seeds[runId];
    }

    /// @inheritdoc ITrainingRegistry
    function trainer(bytes32 runId, address account) external view returns (Trainer memory) {
        return _trainers[runId][account];
    }

    /// @inheritdoc ITrainingRegistry
    function seat(bytes32 runId, uint16 index) external view returns (Seat memory) {
        return _seats[runId][index];
    }

    /// @inheritdoc ITrainingRegistry
    function backing(bytes32 runId, address account) external view returns (uint128, bool, bool, bool) {
        Backing memory gave = _backing[runId][account];
        return (gave.amount, gave.refunded, gave.claimed, gave.compensated);
    }

    /// @inheritdoc ITrainingRegistry
    function batchIdOf(bytes32 runId, Batch calldata batch) external view returns (bytes32) {
        return _batchId(runId, batch);
    }
}
