// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DatasetRegistry} from "../assets/DatasetRegistry.sol";
import {ModelRegistry} from "../assets/ModelRegistry.sol";
import {Royalties} from "../assets/Royalties.sol";
import {Claims} from "../claims/Claims.sol";
import {Penalties} from "../claims/Penalties.sol";
import {Emissions} from "../emissions/Emissions.sol";
import {EmissionReserve} from "../governance/EmissionReserve.sol";
import {MielToken} from "../governance/MielToken.sol";
import {ProtocolParameters} from "../governance/ProtocolParameters.sol";
import {Line, ParameterTable} from "../governance/lib/ParameterTable.sol";
import {IBootstrapGrants} from "../interfaces/IBootstrapGrants.sol";
import {IAccusations} from "../interfaces/IAccusations.sol";
import {IAvailability} from "../interfaces/IAvailability.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IEmissionReserve} from "../interfaces/IEmissionReserve.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IJudgeRegistry} from "../interfaces/IJudgeRegistry.sol";
import {IRoyalties} from "../interfaces/IRoyalties.sol";
import {IRunEscrow} from "../interfaces/IRunEscrow.sol";
import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {JobMarket} from "../market/JobMarket.sol";
import {Accusations} from "../referee/Accusations.sol";
import {JudgeRegistry} from "../referee/JudgeRegistry.sol";
import {Malformed} from "../referee/Malformed.sol";
import {PoolFees} from "../staking/PoolFees.sol";
import {StakeManager} from "../staking/StakeManager.sol";
import {Assets__Harness} from "./Assets__Harness.sol";
import {EmissionPair__Harness} from "./EmissionPair__Harness.sol";
import {TestBase} from "./TestBase.sol";

/// @notice The real contracts, and one who is everybody in them: requester, provider, its only delegator, owner of model
/// and data, treasury, audit pool, referee and the timelock that sets the parameters.
abstract contract Dealer__Harness is TestBase {
    uint256 internal constant BASIS = 10_000;
    uint256 internal constant RESERVE = 4e26;

    MielToken public immutable miel;
    StakeManager public immutable stake;
    JobMarket public immutable market;
    Claims public immutable claims;
    Royalties public immutable royalties;
    EmissionReserve public immutable reserve;
    Emissions public immutable emissions;
    ProtocolParameters public immutable parameters;
    PoolFees public immutable pool;
    address private immutable PENALTIES;
    /// @dev Without data, and with two data sets.
    uint256[2] internal _models;
    uint256[2] internal _datasets;
    uint64 private _salt;

    constructor() {
        (address[] memory who, uint256[] memory amounts) = (new address[](1), new uint256[](1));
        (who[0], amounts[0]) = (address(this), 1e27);
        miel = new MielToken(who, amounts);
        parameters = new ProtocolParameters(address(this), address(0));
        stake = new StakeManager(miel, 14 days, address(new PoolFees()), IBootstrapGrants(address(0)));
        Accusations accusations = new Accusations(parameters);
        JudgeRegistry judges = new JudgeRegistry(address(this), new IJudgeRegistry.Entry[](0));
        Malformed malformed = new Malformed(IClaims(address(0)), judges, accusations, IAvailability(address(0)));
        claims = new Claims(parameters, address(this), address(malformed), address(this));
        PENALTIES = address(new Penalties(claims, stake, parameters));
        Assets__Harness assets = new Assets__Harness(address(0));
        royalties = assets.royalties();
        market = new JobMarket(
            claims,
            stake,
            PENALTIES,
            assets.models(),
            malformed,
            parameters,
            IAccusations(accusations),
            address(this),
            address(this)
        );
        EmissionPair__Harness pair = new EmissionPair__Harness(
            Emissions.Contracts(
                IEmissionReserve(address(0)),
                parameters,
                stake,
                royalties,
                claims,
                market,
                ITrainingRegistry(address(0)),
                IRunEscrow(address(0))
            ),
            RESERVE
        );
        (reserve, emissions) = (pair.reserve(), pair.emissions());
        miel.approve(address(stake), type(uint256).max);
        miel.approve(address(market), type(uint256).max);
        stake.stake(1e26);
        stake.provision(address(market), PENALTIES, 1e26);
        (, address fees) = stake.openPool(address(market), PENALTIES, 3_000);
        pool = PoolFees(fees);
        pool.admit(address(miel));
        _makeAssets(assets.models(), assets.datasets());
        miel.transfer(address(reserve), RESERVE);
    }

    /// @dev Some setting that governance can reach, reached as governance has to: a step a day.
    function _govern(uint256 seed) internal {
        uint8[10] memory lines = [6, 7, 8, 13, 14, 15, 25, 26, 27, 28];
        for (uint256 day = 0; day < 64; day++) {
            (bytes32[] memory keys, uint256[] memory values) = (new bytes32[](10), new uint256[](10));
            bool there = true;
            for (uint256 i = 0; i < 10; i++) {
                Line memory row = ParameterTable.line(lines[i]);
                uint256 old = parameters.parameterOf(row.key).value;
                uint256 target = _draw(row, uint256(keccak256(abi.encode(seed, i))));
                (keys[i], values[i]) = (row.key, _step(row, old, target));
                there = there && old == target;
            }
            if (there) return;
            pass(1 days, 7_200);
            parameters.change(keys, values);
        }
        revert("not there in 64 days");
    }

    /// @dev A job for oneself up to its result, `voids` of its claims void.
    function _submitted(
        uint128 fee,
        uint128 royalty,
        uint32 count,
        uint32 voids,
        uint256 model
    ) internal returns (IJobMarket.Terms memory terms) {
        terms = IJobMarket.Terms({
            requester: address(this),
            provider: address(this),
            token: address(miel),
            deadline: uint40(block.timestamp + 1 days),
            count: count,
            salt: ++_salt,
            fee: fee,
            royalty: royalty,
            model: _models[model],
            programId: bytes32(model + 1),
            inputsRoot: "inputs",
            inputs: "manifest",
            collateral: 0,
            isSealed: false
        });
        market.post(terms);
        market.accept(terms);
        if (count == 1) market.submit(terms, "root", "root");
        else market.submitBatch(terms, "root", "root");
        for (uint32 i = 0; i < voids; i++) claims.annul(_batchOf(terms), i);
    }

    function _pay(IJobMarket.Terms memory terms) internal {
        if (claims.state(_batchOf(terms)) == IClaims.State.Pending) pass(1 days + 1, 3_601);
        market.withdraw(terms);
    }

    /// @dev Brings home all that is anywhere, but for what burns.
    function _collectAll() internal {
        if (market.owed(address(miel), address(this)) != 0) market.collect(address(miel), address(this));
        if (market.feesToBurn() != 0) market.burnFees();
        for (uint256 i = 0; i < 2; i++) {
            if (market.royalties(address(miel), _models[i]) != 0) market.collectRoyalty(address(miel), _models[i]);
        }
        uint256[4] memory assets = [_models[0], _models[1], _datasets[0], _datasets[1]];
        for (uint256 i = 0; i < 4; i++) {
            uint256 earned = royalties.earned(address(miel), assets[i]);
            if (earned != royalties.paid(address(miel), assets[i])) royalties.collect(address(miel), assets[i]);
        }
        if (pool.claimable(address(miel), address(this)) != 0) pool.claim(address(miel), address(this));
    }

    function _batchOf(IJobMarket.Terms memory terms) internal view returns (bytes32) {
        return market.batchIdOf(_idOf(terms));
    }

    function _idOf(IJobMarket.Terms memory terms) internal pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    function _makeAssets(ModelRegistry models, DatasetRegistry datasets) private {
        (address[] memory who, uint256[] memory amounts) = (new address[](0), new uint256[](0));
        IRoyalties.Parent[] memory parents = new IRoyalties.Parent[](3);
        _models[0] = models.register(bytes32(uint256(1)), "manifest", address(miel), 0);
        parents[0] = IRoyalties.Parent(_models[0], 0, 1_000);
        for (uint256 i = 0; i < 2; i++) {
            bytes32 types = bytes32(i + 1);
            _datasets[i] = datasets.register(types, "columns", 9, "manifest", address(miel), 0, who, amounts);
            parents[i + 1] = IRoyalties.Parent(_datasets[i], 1, uint16(1 + 777 * i));
        }
        _models[1] = models.registerDerived(bytes32(uint256(2)), "manifest", address(miel), 0, parents);
    }

    /// @dev A bound a quarter of the time.
    function _draw(Line memory row, uint256 seed) internal pure returns (uint256) {
        if (seed % 8 == 0) return row.least;
        if (seed % 8 == 1) return row.most;
        return row.least + ((seed >> 8) % (uint256(row.most) - row.least + 1));
    }

    function _step(Line memory row, uint256 old, uint256 target) private pure returns (uint256) {
        uint256 most = old * 2;
        if (old == 0) most = row.most / 16 == 0 ? 1 : row.most / 16;
        if (target > most) return most;
        return target < old / 2 ? old / 2 : target;
    }
}
