// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IMielToken} from "../interfaces/IMielToken.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IRoyalties} from "../interfaces/IRoyalties.sol";
import {IRunEscrow} from "../interfaces/IRunEscrow.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {FeeSplit} from "../market/FeeSplit.sol";
import {TERMS_END} from "./BatchId.sol";
import {Budget} from "./Budget.sol";
import {RunLedger} from "./RunLedger.sol";

/// @notice Rules, limits and warnings: {IRunEscrow}.
contract RunEscrow is RunLedger {
    using SafeERC20 for IERC20;

    /// @dev What was paid of a trainer's settled steps, aggregations and dependants, and what of its fees was burned.
    struct Paid {
        // slot 0
        uint32 steps;
        uint24 aggregations;
        uint16 dependants;
        uint128 burned;
    }

    uint256 private constant BASIS = 10_000;
    uint256 private constant PATIENCE = 30 days;
    /// @dev What {IModelRegistry-registerTrained} mints.
    uint256 private constant SHARES = 1_000_000e18;

    ITrainingRegistry private immutable REGISTRY;
    IParameters private immutable PARAMETERS;
    IModelRegistry private immutable MODELS;
    IRoyalties private immutable ROYALTIES;
    address private immutable TREASURY;

    mapping(bytes32 runId => Fund) private _funds;
    mapping(bytes32 runId => mapping(address account => Backing)) private _backing;
    mapping(bytes32 runId => mapping(address account => Paid)) private _paid;

    constructor(
        ITrainingRegistry registry,
        IStakeManager stake,
        IMielToken miel,
        IParameters parameters,
        IModelRegistry models,
        IRoyalties royalties,
        address treasury
    ) RunLedger(stake, miel) {
        (REGISTRY, PARAMETERS, MODELS, ROYALTIES) = (registry, parameters, models, royalties);
        TREASURY = treasury;
    }

    /// @inheritdoc IRunEscrow
    function fund(ITrainingRegistry.Terms calldata terms, uint256 amount) external nonReentrant {
        bytes32 runId = _runId();
        ITrainingRegistry.State state = REGISTRY.run(runId).state;
        require(state == ITrainingRegistry.State.Funding, RunEscrow_State(runId, state));
        uint256 until = terms.fundingDeadline;
        require(block.timestamp <= until, RunEscrow_Deadline(until, block.timestamp));
        Fund storage own = _funds[runId];
        uint256 missing = budgetOf(terms, REGISTRY.sums(runId).dataPrice) - own.backed;
        if (amount > missing) amount = missing;
        require(amount != 0, RunEscrow_Nothing());
        own.backed += uint128(amount);
        _backing[runId][msg.sender].amount += uint128(amount);
        emit Backed(runId, msg.sender, amount);
        _take(IERC20(terms.token), amount);
        if (amount == missing) REGISTRY.funded(runId);
    }

    /// @inheritdoc IRunEscrow
    function payData(ITrainingRegistry.Terms calldata terms) external nonReentrant {
        bytes32 runId = _runId();
        uint256 price = REGISTRY.sums(runId).dataPrice;
        Fund storage own = _funds[runId];
        require(REGISTRY.seed(runId) != 0 && price != 0 && !own.dataPaid, RunEscrow_Nothing());
        own.dataPaid = true;
        emit DataPaid(runId, terms.dataset, price);
        IERC20(terms.token).forceApprove(address(ROYALTIES), price);
        ROYALTIES.deposit(terms.token, terms.dataset, price);
    }

    /// @inheritdoc IRunEscrow
    function allot(uint64 amount) external returns (uint64) {
        require(msg.sender == address(REGISTRY), RunEscrow_NotRegistry(msg.sender));
        return _promise(amount);
    }

    /// @inheritdoc IRunEscrow
    function withdraw(ITrainingRegistry.Terms calldata terms, address trainer) external nonReentrant {
        bytes32 runId = _runId();
        ITrainingRegistry.Trainer memory own = REGISTRY.trainer(runId, trainer);
        Paid memory paid = _paid[runId][trainer];
        uint256 amount =
            uint256(own.steps - paid.steps) * terms.feePerStep +
                uint256(own.aggregations - paid.aggregations) * terms.aggregationFee;
        uint256 miel = uint256(own.dependants - paid.dependants) * terms.dependantPay * UNIT;
        require(amount != 0 || miel != 0, RunEscrow_Nothing());
        (uint256 toTreasury, , uint256 burned) = FeeSplit.split(
            PARAMETERS,
            REGISTRY.run(runId).epoch,
            amount,
            terms.token == address(MIEL)
        );
        // rounds are not drawn for audits, so they pay for none
        amount -= toTreasury + burned;
        _paid[runId][trainer] = Paid(own.steps, own.aggregations, own.dependants, paid.burned + uint128(burned));
        _credit(terms.token, TREASURY, toTreasury);
        _burnFee(burned);
        emit Withdrawn(runId, trainer, amount, miel);
        address payee = STAKE.payee(trainer, address(REGISTRY));
        _payMiel(payee, miel);
        _send(terms.token, payee, amount);
    }

    /// @inheritdoc IRunEscrow
    function refund(ITrainingRegistry.Terms calldata terms, address backer) external nonReentrant {
        bytes32 runId = _runId();
        Backing storage gave = _backing[runId][backer];
        uint256 amount = gave.amount;
        require(amount != 0 && !gave.refunded, RunEscrow_Nothing());
        if (REGISTRY.run(runId).state == ITrainingRegistry.State.Funding) {
            uint256 until = terms.fundingDeadline;
            require(block.timestamp > until, RunEscrow_Deadline(until, block.timestamp));
        } else {
            (uint256 refundable, ) = left(terms);
            amount = (refundable * amount) / _funds[runId].backed;
        }
        gave.refunded = true;
        emit Refunded(runId, backer, amount);
        _send(terms.token, backer, amount);
    }

    /// @inheritdoc IRunEscrow
    function burn(ITrainingRegistry.Terms calldata terms) external {
        bytes32 runId = _runId();
        (, uint256 burned) = left(terms);
        Fund storage own = _funds[runId];
        require(burned != 0 && !own.burned, RunEscrow_Nothing());
        own.burned = true;
        emit Burned(runId, burned);
        _credit(terms.token, BURN, burned);
    }

    /// @inheritdoc IRunEscrow
    function compensate(ITrainingRegistry.Terms calldata, address backer) external nonReentrant {
        bytes32 runId = _runId();
        ITrainingRegistry.Sums memory sums = REGISTRY.sums(runId);
        uint256 until = sums.closed + PATIENCE;
        require(sums.closed != 0 && block.timestamp > until, RunEscrow_Deadline(until, block.timestamp));
        Backing storage gave = _backing[runId][backer];
        require(gave.amount != 0 && !gave.compensated, RunEscrow_Nothing());
        uint256 amount = (sums.pool * UNIT * gave.amount) / _funds[runId].backed;
        gave.compensated = true;
        emit Compensated(runId, backer, amount);
        _payMiel(backer, amount);
    }

    /// @inheritdoc IRunEscrow
    function makeModel(ITrainingRegistry.Terms calldata terms) external nonReentrant returns (uint256 model) {
        bytes32 runId = _runId();
        _requireCompleted(runId);
        address shares;
        (model, shares) = MODELS.registerTrained(
            terms.initiator,
            runId,
            terms.manifest,
            terms.baseModel,
            terms.baseRoyalty,
            terms.dataset,
            terms.version,
            terms.dataRoyalty,
            terms.token
        );
        emit ModelMade(runId, model, shares);
    }

    /// @inheritdoc IRunEscrow
    function claimShares(ITrainingRegistry.Terms calldata terms, address account) external nonReentrant {
        bytes32 runId = _runId();
        _requireCompleted(runId);
        Backing storage gave = _backing[runId][account];
        uint256 amount = (SHARES * terms.backersShare * gave.amount) / (BASIS * _funds[runId].backed);
        uint256 steps = REGISTRY.trainer(runId, account).steps;
        if (steps != 0) amount += (SHARES * terms.trainersShare * steps) / (BASIS * REGISTRY.sums(runId).earned);
        if (account == terms.initiator) amount += (SHARES * terms.initiatorShare) / BASIS;
        require(amount != 0 && !gave.claimed, RunEscrow_Nothing());
        gave.claimed = true;
        emit SharesClaimed(runId, account, amount);
        IERC20(MODELS.sharesOf(uint256(keccak256(abi.encode(runId))))).safeTransfer(account, amount);
    }

    /// @inheritdoc IRunEscrow
    function fundOf(bytes32 runId) external view returns (Fund memory) {
        return _funds[runId];
    }

    /// @inheritdoc IRunEscrow
    function backing(bytes32 runId, address account) external view returns (Backing memory) {
        return _backing[runId][account];
    }

    /// @inheritdoc IRunEscrow
    function burnedOf(bytes32 runId, address trainer) external view returns (uint256) {
        return _paid[runId][trainer].burned;
    }

    /// @inheritdoc IRunEscrow
    function left(ITrainingRegistry.Terms calldata terms) public view returns (uint256 refundable, uint256 burned) {
        bytes32 runId = _runId();
        ITrainingRegistry.Run memory row = REGISTRY.run(runId);
        ITrainingRegistry.Sums memory sums = REGISTRY.sums(runId);
        require(row.state >= ITrainingRegistry.State.Completed, RunEscrow_State(runId, row.state));
        refundable = _funds[runId].backed;
        if (row.state != ITrainingRegistry.State.Void) {
            burned = (uint256(sums.voided) * terms.feePerStep) / 2;
            uint256 spent = uint256(sums.earned) * terms.feePerStep + uint256(sums.aggregations) * terms.aggregationFee;
            refundable -= sums.dataPrice + burned + spent;
        }
        if (row.state != ITrainingRegistry.State.Completed) {
            uint256 forfeit = (refundable * PARAMETERS.runRules(row.epoch)) / BASIS;
            (refundable, burned) = (refundable - forfeit, burned + forfeit);
        }
    }

    /// @inheritdoc IRunEscrow
    function budgetOf(ITrainingRegistry.Terms calldata terms, uint256 dataPrice) public pure returns (uint256) {
        return Budget.whole(terms, dataPrice);
    }

    function _requireCompleted(bytes32 runId) private view {
        ITrainingRegistry.State state = REGISTRY.run(runId).state;
        require(state == ITrainingRegistry.State.Completed, RunEscrow_State(runId, state));
    }

    function _runId() private pure returns (bytes32) {
        return keccak256(msg.data[4:TERMS_END]);
    }
}
