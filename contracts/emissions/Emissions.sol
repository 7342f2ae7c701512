// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IEmissionReserve} from "../interfaces/IEmissionReserve.sol";
import {IEmissions} from "../interfaces/IEmissions.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IMielToken} from "../interfaces/IMielToken.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IPoolFees} from "../interfaces/IPoolFees.sol";
import {IRoyalties} from "../interfaces/IRoyalties.sol";
import {IRunEscrow} from "../interfaces/IRunEscrow.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {FeeSplit} from "../market/FeeSplit.sol";
import {DataSets} from "./DataSets.sol";
import {EmissionDays} from "./EmissionDays.sol";

/// @notice Rules, limits and warnings: {IEmissions}.
contract Emissions is EmissionDays {
    using SafeCast for uint256;

    struct Contracts {
        IEmissionReserve reserve;
        IParameters parameters;
        IStakeManager stake;
        IRoyalties royalties;
        IClaims claims;
        IJobMarket market;
        ITrainingRegistry registry;
        IRunEscrow escrow;
    }

    uint256 private constant BASIS = 10_000;

    IMielToken private immutable MIEL;
    IStakeManager private immutable STAKE;
    IRoyalties private immutable ROYALTIES;
    IClaims private immutable CLAIMS;
    IJobMarket private immutable MARKET;
    ITrainingRegistry private immutable REGISTRY;
    IRunEscrow private immutable ESCROW;

    mapping(bytes32 id => Work) private _works;
    /// @dev Of a trainer's burned fees in a run: what was recorded.
    mapping(bytes32 runId => mapping(address trainer => uint256)) private _counted;

    constructor(Contracts memory c) EmissionDays(c.reserve, c.parameters) {
        (STAKE, MIEL, ROYALTIES, CLAIMS) = (c.stake, c.stake.miel(), c.royalties, c.claims);
        (MARKET, REGISTRY, ESCROW) = (c.market, c.registry, c.escrow);
    }

    /// @inheritdoc IEmissions
    function recordJob(IJobMarket.Terms calldata terms) external returns (bytes32 id, uint256 asks) {
        require(terms.token == address(MIEL), Emissions_Token(terms.token));
        id = keccak256(abi.encode(terms));
        require(!terms.isSealed, Emissions_Sealed(id));
        IJobMarket.Job memory job = MARKET.job(id);
        bool paid = job.state == IJobMarket.State.Paid || job.state == IJobMarket.State.Unlocked;
        require(paid, Emissions_NotPaid(id, job.state));
        (, uint32 voids) = CLAIMS.outcome(MARKET.batchIdOf(id));
        uint256 fees = uint256(terms.fee) * (terms.count - voids);
        (, , uint256 burned) = FeeSplit.split(PARAMETERS, job.epoch, fees, true);
        asks = _record(id, Work(job.provider, 0, 0, job.epoch, 0, Kind.Job, terms.model), burned);
    }

    /// @inheritdoc IEmissions
    function recordRun(
        ITrainingRegistry.Terms calldata terms,
        address trainer
    ) external returns (bytes32 id, uint256 asks) {
        bytes32 runId = keccak256(abi.encode(terms));
        uint256 all = ESCROW.burnedOf(runId, trainer);
        id = keccak256(abi.encode(runId, trainer, all));
        uint256 burned = all - _counted[runId][trainer];
        _counted[runId][trainer] = all;
        uint16 epoch = REGISTRY.run(runId).epoch;
        asks = _record(id, Work(trainer, 0, 0, epoch, 0, Kind.Run, terms.dataset), burned);
    }

    /// @inheritdoc IEmissions
    function claim(bytes32 id) external returns (uint256 toOperator, uint256 toDelegators) {
        Work memory work = _take(id, 0);
        address client = work.kind == Kind.Job ? address(MARKET) : address(REGISTRY);
        address payee = STAKE.payee(work.operator, client);
        uint256 toData;
        (toOperator, toDelegators, toData) = _shares(work);
        bool backed = payee != work.operator && IPoolFees(payee).rewardable(address(MIEL));
        if (!backed) {
            _keep(toDelegators);
            toDelegators = 0;
        }
        (, , uint256 weights) = DataSets.find(ROYALTIES, work, 0);
        if (weights == 0) _keep(toData);
        emit Claimed(id, payee, toOperator, toDelegators);
        _emit(payee, toOperator);
        if (toDelegators == 0) return (toOperator, 0);
        _emit(address(this), toDelegators);
        MIEL.approve(payee, toDelegators);
        IPoolFees(payee).reward(address(MIEL), toDelegators);
    }

    /// @inheritdoc IEmissions
    function claimData(bytes32 id, uint256 place) external returns (uint256 amount) {
        Work memory work = _take(id, place + 1);
        (uint256 dataset, uint256 weight, uint256 all) = DataSets.find(ROYALTIES, work, place);
        require(weight != 0, Emissions_Nothing(id));
        (, , amount) = _shares(work);
        amount = (amount * weight) / all;
        require(amount != 0, Emissions_Nothing(id));
        emit DataClaimed(id, dataset, amount);
        _emit(address(this), amount);
        MIEL.approve(address(ROYALTIES), amount);
        ROYALTIES.deposit(address(MIEL), dataset, amount);
    }

    /// @inheritdoc IEmissions
    function workOf(bytes32 id) external view returns (Work memory) {
        return _works[id];
    }

    /// @inheritdoc IEmissions
    function drawOf(bytes32 id) external view returns (uint256) {
        return _drawn(_works[id].day, _works[id].asks);
    }

    function _record(bytes32 id, Work memory work, uint256 burned) private returns (uint256 asks) {
        require(_works[id].kind == Kind.None, Emissions_Recorded(id));
        asks = (burned * PARAMETERS.emissionRules(work.epoch).rho) / BASIS;
        require(asks != 0, Emissions_Nothing(id));
        (work.asks, work.day) = (asks.toUint96(), _today());
        _works[id] = work;
        emit Recorded(id, work.operator, work.day, burned, asks);
        _ask(work.day, asks);
    }

    /// @dev Marks one of the claims of work whose day is over.
    function _take(bytes32 id, uint256 place) private returns (Work memory work) {
        work = _works[id];
        require(work.kind != Kind.None, Emissions_Unknown(id));
        require(work.day < _today(), Emissions_DayOpen(work.day));
        require(place < 16 && (work.claimed >> place) & 1 == 0, Emissions_Claimed(id, place));
        _works[id].claimed = work.claimed | uint16(1 << place);
    }

    function _shares(Work memory work) private view returns (uint256 operator, uint256 delegators, uint256 data) {
        uint256 drawn = _drawn(work.day, work.asks);
        IParameters.EmissionRules memory rules = PARAMETERS.emissionRules(work.epoch);
        delegators = (drawn * rules.delegators) / BASIS;
        data = (drawn * rules.data) / BASIS;
        operator = drawn - delegators - data;
    }
}
