// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IRandomness} from "../interfaces/IRandomness.sol";
import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {BatchId} from "./BatchId.sol";
import {RunStore} from "./RunStore.sol";

/// @notice From a run's terms to its seed: {ITrainingRegistry-create}, {ITrainingRegistry-fund}, {ITrainingRegistry-draw}.
abstract contract Funding is RunStore {
    using SafeERC20 for IERC20;

    uint256 private constant MAX_SEATS = 256;
    uint256 private constant MAX_DEPTH = 8;

    /// @inheritdoc ITrainingRegistry
    function create(Terms calldata terms, bytes calldata programs) external returns (bytes32 runId) {
        require(msg.sender == terms.initiator, TrainingRegistry_Caller(msg.sender, terms.initiator));
        require(PARAMETERS.newJobsAllowed(), TrainingRegistry_Paused());
        runId = runIdOf(terms);
        _require(runId, State.None);
        uint16 epoch = PARAMETERS.epoch();
        _requireTerms(terms, epoch);
        _requirePrograms(terms);
        if (terms.baseModel != 0) MODELS.ownerOf(terms.baseModel);
        uint96 price = _requireData(terms, programs);

        Run storage row = _runs[runId];
        (row.state, row.epoch, row.turn, row.turns) = (State.Funding, epoch, 1, 1);
        (row.steps, row.seats, row.depth) = (terms.steps, terms.seats, terms.depth);
        (row.rounds, row.roundSeconds) = (terms.rounds, terms.roundSeconds);
        _money[runId].dataPrice = price;
        _starts[runId][0] = BatchId.start(terms.checkpoint, 1);
        emit Created(runId, msg.sender, terms);
    }

    /// @inheritdoc ITrainingRegistry
    function fund(Terms calldata terms, uint256 amount) external nonReentrant {
        bytes32 runId = runIdOf(terms);
        _require(runId, State.Funding);
        require(
            block.timestamp <= terms.fundingDeadline,
            TrainingRegistry_Deadline(terms.fundingDeadline, block.timestamp)
        );
        Money storage own = _money[runId];
        uint256 missing = budgetOf(terms, own.dataPrice) - own.backed;
        if (amount > missing) amount = missing;
        require(amount != 0, TrainingRegistry_Nothing());
        own.backed += uint128(amount);
        _backing[runId][msg.sender].amount += uint128(amount);
        emit Backed(runId, msg.sender, amount);
        if (amount == missing) {
            uint256 round = RANDOMNESS.next();
            own.drawn = uint64(round);
            _runs[runId].state = State.Funded;
            emit Funded(runId, round);
        }
        _take(IERC20(terms.token), amount);
    }

    /// @inheritdoc ITrainingRegistry
    function draw(Terms calldata terms) external nonReentrant {
        bytes32 runId = runIdOf(terms);
        Run storage row = _runs[runId];
        require(row.state == State.Funded, TrainingRegistry_State(runId, row.state));
        Money storage own = _money[runId];
        IRandomness.Status status = RANDOMNESS.status(own.drawn);
        require(status != IRandomness.Status.Pending, TrainingRegistry_NotDrawn(own.drawn));
        if (status == IRandomness.Status.Expired) {
            uint256 burned = (uint256(own.backed) * PARAMETERS.runRules(row.epoch)) / BASIS;
            row.state = State.Void;
            own.refundable = uint128(own.backed - burned);
            own.closed = uint32(block.timestamp);
            _credit(terms.token, BURN, burned);
            emit Closed(runId, State.Void, own.refundable, burned);
            return;
        }
        bytes32 drawn = keccak256(abi.encode(RANDOMNESS.value(own.drawn), runId));
        _seeds[runId] = drawn;
        row.state = State.Running;
        row.time = uint32(block.timestamp);
        emit Drawn(runId, drawn);
        if (own.dataPrice != 0) {
            IERC20(terms.token).forceApprove(address(ROYALTIES), own.dataPrice);
            ROYALTIES.deposit(terms.token, terms.dataset, own.dataPrice);
        }
    }

    /// @inheritdoc ITrainingRegistry
    function budgetOf(Terms calldata terms, uint256 dataPrice) public pure returns (uint256) {
        uint256 round = uint256(terms.seats) * terms.steps * terms.feePerStep;
        if (terms.seats > 1) round += terms.aggregationFee;
        return terms.rounds * round + dataPrice;
    }

    function _requireTerms(Terms calldata terms, uint16 epoch) private view {
        uint256 steps = uint256(terms.rounds) * terms.steps;
        _rule(1, terms.rows != 0 && terms.tensors != 0 && terms.batch != 0 && steps != 0);
        _rule(2, terms.seats != 0 && terms.seats <= MAX_SEATS);
        _rule(3, terms.depth != 0 && terms.depth <= MAX_DEPTH);
        _rule(4, block.timestamp < terms.fundingDeadline && terms.fundingDeadline < terms.deadline);
        _rule(5, uint256(terms.backersShare) + terms.trainersShare + terms.initiatorShare == BASIS);
        _rule(6, uint256(terms.dataRoyalty) + terms.baseRoyalty <= BASIS);
        _rule(7, (terms.seats > 1) == (terms.aggregationProgramId != 0));
        IParameters.JobRules memory rules = PARAMETERS.jobRules(epoch);
        (uint256 slash, , uint256 compensation) = PARAMETERS.slashRules(epoch);
        uint256 lost = (((terms.collateral * slash) / BASIS) * compensation) / BASIS;
        uint256 batches = terms.seats > 1 ? uint256(terms.seats) + 1 : 1;
        _rule(8, terms.collateral >= rules.collateralFloor && lost >= terms.depth * batches * terms.dependantPay);
        _rule(9, steps <= type(uint32).max && steps * terms.seats * terms.batch <= type(uint64).max);
    }

    function _requirePrograms(Terms calldata terms) private view {
        bytes32 reason = MALFORMED.barred(terms.programId);
        require(reason == 0, TrainingRegistry_Barred(terms.programId, reason));
        if (terms.seats == 1) return;
        reason = MALFORMED.barred(terms.aggregationProgramId);
        require(reason == 0, TrainingRegistry_Barred(terms.aggregationProgramId, reason));
    }

    function _requireData(Terms calldata terms, bytes calldata programs) private view returns (uint96 price) {
        (, uint32 rows, , bytes32 typesHash) = DATASETS.version(terms.dataset, terms.version);
        _rule(10, rows == terms.rows);
        address token;
        (token, price) = DATASETS.priceOf(terms.dataset);
        _rule(11, price == 0 || token == terms.token);
        _rule(9, budgetOf(terms, price) <= type(uint128).max);
        FAULTS.requireFit(terms, typesHash, programs);
    }

    function _rule(uint256 rule, bool kept) private pure {
        require(kept, TrainingRegistry_Terms(rule));
    }
}
