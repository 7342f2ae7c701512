// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccusations} from "../interfaces/IAccusations.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IDatasetRegistry} from "../interfaces/IDatasetRegistry.sol";
import {IScoredRounds} from "../interfaces/IScoredRounds.sol";
import {IStepFaults} from "../interfaces/IStepFaults.sol";
import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {Bytes} from "../referee/lib/Bytes.sol";
import {BatchId, TERMS_END} from "./BatchId.sol";
import {RowOrder} from "./RowOrder.sol";
import {StepChecks} from "./StepChecks.sol";

/// @notice Rules and proofs: {IStepFaults}.
contract StepFaults is StepChecks {
    ITrainingRegistry private immutable REGISTRY;
    IClaims private immutable CLAIMS;
    IAccusations private immutable ACCUSATIONS;
    IDatasetRegistry private immutable DATASETS;
    IScoredRounds private immutable SCORES;

    constructor(
        ITrainingRegistry registry,
        IClaims claims,
        IAccusations accusations,
        IDatasetRegistry datasets,
        IScoredRounds scores
    ) {
        SCORES = scores;
        (REGISTRY, CLAIMS, ACCUSATIONS, DATASETS) = (registry, claims, accusations, datasets);
    }

    /// @inheritdoc IStepFaults
    function proveFault(
        ITrainingRegistry.Terms calldata terms,
        ITrainingRegistry.Batch calldata batch,
        bytes32 parent,
        ITrainingRegistry.Contribution[] calldata contributions,
        Fault fault,
        bytes calldata proof,
        bytes32 salt
    ) external {
        bytes32 batchId = _batchId(_runId(), batch);
        ACCUSATIONS.check(batchId, keccak256(proof), msg.sender, salt);
        REGISTRY.convict(batchId, leafAtFault(terms, batch, parent, contributions, fault, proof), msg.sender);
    }

    /// @inheritdoc IStepFaults
    function proveContribution(
        bytes32 runId,
        ITrainingRegistry.Batch calldata batch,
        ITrainingRegistry.Contribution[] calldata contributions,
        uint256 index,
        bytes32 salt
    ) external {
        bytes32 batchId = _batchId(runId, batch);
        ACCUSATIONS.check(batchId, keccak256(abi.encode(index)), msg.sender, salt);
        require(!REGISTRY.run(runId).scored, StepFaults_NoFault()); // {IScoredRounds} checked them
        require(batch.contributions == BatchId.digest(contributions), StepFaults_Proof());
        ITrainingRegistry.Contribution calldata shown = contributions[index];
        IClaims.State state = CLAIMS.state(_contributed(runId, batch, shown));
        bool dropped =
            state == IClaims.State.Rejected &&
                (REGISTRY.trainer(runId, shown.trainer).open >> (batch.turn % 16)) & 1 == 0;
        bool bad = REGISTRY.stands(runId, batch) && (state == IClaims.State.None || dropped);
        require(bad, StepFaults_NoFault());
        REGISTRY.convict(batchId, uint32(index), msg.sender);
    }

    /// @inheritdoc IStepFaults
    function proveOmission(
        ITrainingRegistry.Terms calldata terms,
        ITrainingRegistry.Batch calldata batch,
        ITrainingRegistry.Contribution[] calldata contributions,
        ITrainingRegistry.Contribution calldata omitted,
        bytes32 salt
    ) external {
        bytes32 runId = _runId();
        bytes32 batchId = _batchId(runId, batch);
        ACCUSATIONS.check(batchId, keccak256(abi.encode(omitted)), msg.sender, salt);
        require(terms.scoreProgramId == 0, StepFaults_NoFault());
        require(batch.contributions == BatchId.digest(contributions), StepFaults_Proof());
        for (uint256 i = 0; i < contributions.length; ++i) {
            require(contributions[i].trainer != omitted.trainer, StepFaults_NoFault());
        }
        bytes32 left = _contributed(runId, batch, omitted);
        IClaims.State state = CLAIMS.state(left);
        uint256 until = CLAIMS.batch(left).time + terms.roundSeconds / 2;
        bool stands = state == IClaims.State.Pending || state == IClaims.State.Final;
        require(stands && CLAIMS.batch(batchId).time > until, StepFaults_NoFault());
        REGISTRY.convict(batchId, 0, msg.sender);
    }

    /// @inheritdoc IStepFaults
    function leafAtFault(
        ITrainingRegistry.Terms calldata terms,
        ITrainingRegistry.Batch calldata batch,
        bytes32 parent,
        ITrainingRegistry.Contribution[] calldata contributions,
        Fault fault,
        bytes calldata proof
    ) public view returns (uint32 leaf) {
        Facts memory facts = _facts(terms, batch, parent);
        bool steps = batch.contributions == 0;
        require(steps || batch.contributions == BatchId.digest(contributions), StepFaults_Proof());
        bytes32 programId = steps ? terms.programId : terms.aggregationProgramId;
        if (facts.scored) programId = terms.scoreProgramId;
        (uint256 pointer, uint256 end) = Bytes.bounds(proof);
        bool bad;
        if (fault == Fault.Context) {
            (leaf, bad, pointer) = _context(programId, batch, facts, pointer);
        } else {
            bool kind = steps ? fault <= Fault.Schedule : fault <= Fault.Checkpoint || fault >= Fault.Base;
            require(kind && !(facts.scored && fault == Fault.Schedule), StepFaults_Proof());
            Opened memory o = _open(programId, batch, facts, pointer);
            leaf = uint32(o.claim.leaf);
            if (fault == Fault.Continuity) (bad, pointer) = _continuity(terms, batch, facts, o);
            else if (fault == Fault.Checkpoint) (bad, pointer) = _checkpoint(terms, batch, facts, o);
            else if (fault == Fault.Batch) (bad, pointer) = _batch(terms, batch, facts, o);
            else if (fault == Fault.Schedule) (bad, pointer) = _schedule(terms, batch, o);
            else if (fault == Fault.Base) (bad, pointer) = _tensor(terms, facts.parent, 1, o);
            else if (fault == Fault.Update) (bad, pointer) = _tensor(terms, contributions[leaf].checkpoint, 2, o);
            else (bad, pointer) = _share(terms, contributions, o);
        }
        require(pointer == end, StepFaults_Proof());
        require(bad, StepFaults_NoFault());
    }

    /// @inheritdoc IStepFaults
    function rowAt(bytes32 seed, uint256 position, uint256 rows) external pure returns (uint256) {
        return RowOrder.rowAt(seed, position, rows);
    }

    function _batchId(bytes32 runId, ITrainingRegistry.Batch memory batch) private view returns (bytes32) {
        return BatchId.batchId(address(REGISTRY), BatchId.subject(runId, batch));
    }

    /// @dev The batch that a contribution to an aggregation names.
    function _contributed(
        bytes32 runId,
        ITrainingRegistry.Batch calldata batch,
        ITrainingRegistry.Contribution calldata c
    ) private view returns (bytes32) {
        return
            _batchId(
                runId,
                ITrainingRegistry.Batch(batch.round, batch.turn, 0, c.seat, c.trainer, c.count, c.checkpoint, 0)
            );
    }

    function _runId() private pure returns (bytes32) {
        return keccak256(msg.data[4:TERMS_END]);
    }

    function _facts(
        ITrainingRegistry.Terms calldata terms,
        ITrainingRegistry.Batch calldata batch,
        bytes32 parent
    ) private view returns (Facts memory facts) {
        (facts.registry, facts.runId, facts.parent) = (address(REGISTRY), _runId(), parent);
        require(REGISTRY.start(facts.runId, batch.turn) == BatchId.start(parent, batch.round), StepFaults_Proof());
        facts.batchRoot = CLAIMS.batch(_batchId(facts.runId, batch)).root;
        facts.scored = terms.scoreProgramId != 0 && batch.contributions == 0;
        facts.seed = facts.scored ? SCORES.seed(facts.runId, batch.turn) : REGISTRY.seed(facts.runId);
        (facts.columnsRoot, , , ) = DATASETS.version(terms.dataset, terms.version);
    }
}
